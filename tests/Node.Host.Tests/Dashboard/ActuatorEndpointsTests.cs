using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Node.Host.Composition;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Dashboard;

/// <summary>Actuators of the real program over HTTP.</summary>
public sealed class ActuatorEndpointsTests
{
    private const string Token = "correct-horse";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_digital_output_of_labgrid_and_a_switch_of_ESPHome_work_with_the_token_and_never_without()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("token"), Token);
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Http__Token__File", folder.File("token")), ("Node__Actuators__led__MaxOnTime", "1h"));
        RunningNode running = await node.ListeningAsync(Cancelled);
        using var http = new HttpClient { BaseAddress = new Uri(running.HttpUrl) };

        Assert.Equal(HttpStatusCode.Unauthorized, (await Put(http, "On")).Status);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong-horse");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Put(http, "On")).Status);
        Assert.Equal("Off", await http.GetStringAsync("/actuators/led", Cancelled));

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal((HttpStatusCode.OK, "On"), await Put(http, "On"));
        Assert.Equal("On", await http.GetStringAsync("/actuators/led", Cancelled));
        Assert.Equal((HttpStatusCode.OK, "Off"), await Put(http, "Off"));

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"rig:{Token}")));
        Assert.Equal((HttpStatusCode.OK, "On"), await Post(http, "/switch/led/turn_on"));
        Assert.Equal("""{"id":"switch-led","name":"led","value":true,"state":"ON"}""", await http.GetStringAsync("/switch/led", Cancelled));
        Assert.Equal((HttpStatusCode.OK, "Off"), await Post(http, "/switch/led/toggle"));
        Assert.Equal((HttpStatusCode.OK, "Off"), await Post(http, "/switch/led/turn_off"));

        Assert.Equal(HttpStatusCode.BadRequest, (await Put(http, "Half")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Put(http, new string('x', 100_000))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Post(http, "/switch/led/explode")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Post(http, "/switch/pump/toggle")).Status);
        Assert.DoesNotContain(Token, node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_configured_nobody_may_change_anything()
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"]);
        RunningNode running = await node.ListeningAsync(Cancelled);
        using var http = new HttpClient { BaseAddress = new Uri(running.HttpUrl) };

        (HttpStatusCode status, string text) = await Put(http, "On");

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("Node:Http:Token", text, StringComparison.Ordinal);
        Assert.Equal("Off", await http.GetStringAsync("/actuators/led", Cancelled));
    }

    private static async Task<(HttpStatusCode Status, string Text)> Put(HttpClient http, string body)
    {
        using HttpResponseMessage answer = await http.PutAsync("/actuators/led", new StringContent(body), Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<(HttpStatusCode Status, string Text)> Post(HttpClient http, string path)
    {
        using HttpResponseMessage answer = await http.PostAsync(path, null, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }
}
