using HubEmulator.Provisioning;

namespace HubEmulator.Tests.Provisioning;

public sealed class ProvisioningTopicTests
{
    private const string Register = "$dps/registrations/PUT/iotdps-register/?$rid=a-1&forceRegistration=true";
    private const string Poll = "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=5.0123456789abcdef.6b4c0b1e-0000-0000-0000-000000000000";

    [Fact]
    public void Both_requests_are_read()
    {
        Assert.Equal(new ProvisioningTopic(ProvisioningTopicKind.Register, "a-1", ""), ProvisioningTopic.Parse(Register));
        Assert.Equal(
            new ProvisioningTopic(ProvisioningTopicKind.Poll, "2", "5.0123456789abcdef.6b4c0b1e-0000-0000-0000-000000000000"), ProvisioningTopic.Parse(Poll));
        Assert.Equal(
            new ProvisioningTopic(ProvisioningTopicKind.Poll, "2", "x"), ProvisioningTopic.Parse("$dps/registrations/GET/iotdps-get-operationstatus/?operationId=x&$rid=2"));
    }

    [Theory]
    [InlineData(Register, "$dps/registrations/PUT/iotdps-register/?$rid=")]
    [InlineData(Poll, "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=")]
    public void A_truncated_request_is_none_until_its_last_member_has_begun(string topic, string tooShort)
    {
        for (int length = 0; length <= topic.Length; length++)
        {
            Assert.Equal(length > tooShort.Length, ProvisioningTopic.Parse(topic[..length]).Kind != ProvisioningTopicKind.None);
        }
    }

    [Fact]
    public void The_answer_has_the_request_id_first_and_the_wait_in_lower_case()
    {
        Assert.Equal("$dps/registrations/res/202/?$rid=a-1&retry-after=3", ProvisioningTopic.Answer(202, "a-1", 3));
        Assert.Equal("$dps/registrations/res/200/?$rid=a-1", ProvisioningTopic.Answer(200, "a-1", null));
    }

    [Theory]
    [InlineData("0ne00AAAAAA/registrations/sn-007/api-version=2019-03-31&ClientVersion=demo%2F1.0", true)]
    [InlineData("0ne00AAAAAA/registrations/sn-007/ClientVersion=demo%2F1.0&api-version=2019-03-31", true)]
    [InlineData("0ne00AAAAAA/registrations/sn-007/?api-version=2019-03-31", false)]
    [InlineData("hub.localhost/registrations/module/api-version=2019-03-31", false)] // a device of that name
    [InlineData("localhost/registrations/module/api-version=2019-03-31", false)]
    [InlineData("0ne00AAAAAA/registrations/sn-007", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_user_name_is_told_from_that_of_a_device(string? text, bool expected)
    {
        Assert.Equal(expected, ProvisioningUserName.TryParse(text, out ProvisioningUserName userName));
        Assert.Equal(expected ? new ProvisioningUserName("0ne00AAAAAA", "sn-007") : null, userName);
    }
}
