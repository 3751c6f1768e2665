using System.Text;
using Node.Host.Twin;
using Node.HubClient;

namespace Node.Host.Tests.Twin;

public sealed class DesiredDocumentTests
{
    [Fact]
    public void A_patch_changes_what_the_whole_twin_said_and_rubbish_changes_nothing()
    {
        var desired = new DesiredDocument();
        Assert.Null(desired.Read());

        Receive(desired, TwinUpdateState.Complete, """{"desired":{"climate":{"interval":"2s","enabled":true},"$version":3},"reported":{}}""");
        Receive(desired, TwinUpdateState.Partial, """{"climate":{"interval":"nonsense","enabled":null},"$version":4}""");
        Receive(desired, TwinUpdateState.Partial, "[1]");
        Receive(desired, TwinUpdateState.Partial, "{");

        Assert.Equal("""{"climate":{"interval":"nonsense"},"$version":4}""", desired.Read()!.ToJsonString());
    }

    [Fact]
    public void A_new_whole_twin_replaces_the_old_one()
    {
        var desired = new DesiredDocument();
        Receive(desired, TwinUpdateState.Complete, """{"desired":{"a":1,"$version":3}}""");

        Receive(desired, TwinUpdateState.Complete, """{"desired":{"b":2,"$version":5}}""");

        Assert.Equal("""{"b":2,"$version":5}""", desired.Read()!.ToJsonString());
    }

    private static void Receive(DesiredDocument desired, TwinUpdateState state, string json) => desired.Receive(state, Encoding.UTF8.GetBytes(json));
}
