using System.Text.Json.Nodes;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class MethodTests(SdkPackages sdk)
{
    [Fact]
    public async Task Answers_come_back_with_status_and_payload_of_any_kind()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("methods.js");

        JsonNode findings = await script.FindingsAsync();

        findings["answers"].IsJson("""
            [
              {"status":200,"payload":{"a":[1,{"b":"é"}]}},
              {"status":200,"payload":"text"},
              {"status":200,"payload":0},
              {"status":200,"payload":[]},
              {"status":200,"payload":null},
              {"status":404,"payload":{"reason":"no bread"}},
              {"status":202,"payload":null}
            ]
            """);
        Assert.Equal(Enumerable.Range(0, 20), findings["together"]!.AsArray().Select(number => (int)number!));
    }

    [Fact]
    public async Task Calls_that_come_to_nothing_are_named_by_the_service_sdk()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("method-failures.js");

        JsonNode findings = await script.FindingsAsync();

        AssertFailure(findings["offline"]!, "Error", 404, "DeviceNotOnline", 404103);
        AssertFailure(findings["unknown"]!, "Error", 404, "DeviceNotFound", 404001);
        AssertFailure(findings["range"]!, "ArgumentError", 400, "ArgumentInvalid", 400004);
        AssertFailure(findings["silent"]!, "GatewayTimeoutError", 504, "GatewayTimeout", 504101);
    }

    private static void AssertFailure(JsonNode failure, string name, int status, string code, int number)
    {
        Assert.Equal((name, status, code), ((string)failure["name"]!, (int)failure["status"]!, (string)failure["code"]!));
        JsonNode body = JsonNode.Parse((string)failure["body"]!)!;
        Assert.Equal(number, (int)JsonNode.Parse((string)body["Message"]!)!["errorCode"]!);
    }
}
