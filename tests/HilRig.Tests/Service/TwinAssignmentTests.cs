using System.Text.Json.Nodes;
using HilRig.Service;

namespace HilRig.Tests.Service;

public sealed class TwinAssignmentTests
{
    [Theory]
    [InlineData("climate.interval=1s", """{"climate":{"__t":"c","interval":"1s"}}""")]
    [InlineData("doWorkInterval=50ms", """{"doWorkInterval":"50ms"}""")]
    [InlineData("climate.enabled=true", """{"climate":{"__t":"c","enabled":true}}""")]
    [InlineData("climate.enabled=\"true\"", """{"climate":{"__t":"c","enabled":"true"}}""")]
    [InlineData("climate.offset=-1.5", """{"climate":{"__t":"c","offset":-1.5}}""")]
    [InlineData("climate.interval=null", """{"climate":{"__t":"c","interval":null}}""")]
    [InlineData("climate.note=a=b", """{"climate":{"__t":"c","note":"a=b"}}""")]
    [InlineData("climate.limits={\"low\":1}", """{"climate":{"__t":"c","limits":{"low":1}}}""")]
    [InlineData("climate.filters.delta=0.1", """{"climate":{"__t":"c","filters":{"delta":0.1}}}""")]
    [InlineData("climate.note=", """{"climate":{"__t":"c","note":""}}""")]
    public void An_assignment_becomes_a_desired_patch(string text, string desired) =>
        Assert.Equal(desired, TwinAssignment.ToDesired([TwinAssignment.Parse(text)]).ToJsonString());

    [Fact]
    public void Several_assignments_share_one_component()
    {
        JsonObject desired = TwinAssignment.ToDesired([TwinAssignment.Parse("a.x=1"), TwinAssignment.Parse("b=2"), TwinAssignment.Parse("a.y=3")]);

        Assert.Equal("""{"a":{"__t":"c","x":1,"y":3},"b":2}""", desired.ToJsonString());
    }

    [Theory]
    [InlineData("climate")]
    [InlineData("=1")]
    [InlineData(".x=1")]
    [InlineData("a..b=1")]
    [InlineData("a b=1")]
    [InlineData("$version=1")]
    [InlineData("a.b.c.d.e.f.g.h.i.j.k=1")]
    public void What_the_hub_would_refuse_is_refused_here_with_an_example(string text)
    {
        RigException fault = Assert.Throws<RigException>(() => TwinAssignment.Parse(text));

        Assert.Equal(RigFault.UnusableInput, fault.Fault);
        Assert.Contains("for example", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Message":"{\"errorCode\":404103,\"message\":\"offline\"}","ExceptionMessage":""}""", "offline")]
    [InlineData("""{"Message":"ErrorCode:DeviceNotFound;dev-01","ExceptionMessage":"x"}""", "ErrorCode:DeviceNotFound;dev-01")]
    [InlineData("<html>\n</html>", "<html> </html>")]
    [InlineData("", "no reason given")]
    public void An_error_body_shows_its_readable_part(string body, string expected) =>
        Assert.Equal(expected, ServiceError.Describe(body));
}
