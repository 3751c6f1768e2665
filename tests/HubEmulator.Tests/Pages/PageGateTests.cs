using System.Net;
using System.Text;
using HubEmulator.Identity;
using HubEmulator.Pages;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Tests.Pages;

/// <summary>Who is let in to the page.</summary>
public sealed class PageGateTests
{
    private static readonly SymmetricKeys Keys = SymmetricKeys.Generate();
    private readonly PageGate _gate = new(new HubHosts("hub.localhost"), new AccessPolicy(AccessPolicy.Owner, AccessRights.ServiceConnect, Keys));

    [Theory]
    [InlineData("127.0.0.1", "hub.localhost:8443", null)]
    [InlineData("127.0.0.9", "127.0.0.1", null)]
    [InlineData("::1", "[::1]:443", null)]
    [InlineData("::ffff:127.0.0.1", "localhost", null)]
    [InlineData("127.0.0.1", "evil.example", 403)]
    [InlineData("127.0.0.1", "", 403)]
    [InlineData("192.0.2.7", "hub.localhost", 401)]
    [InlineData("::ffff:192.0.2.7", "localhost", 401)]
    [InlineData(null, "localhost", 401)]
    public void A_program_on_this_machine_that_knows_the_hubs_name_is_let_in(string? peer, string host, int? refused)
    {
        Assert.Equal(refused, _gate.Check(Request(peer, host), isCall: false));
    }

    [Fact]
    public void Elsewhere_a_key_of_the_owner_lets_in()
    {
        Assert.Null(_gate.Check(Request("192.0.2.7", "192.0.2.1", Basic($"iothubowner:{Keys.Primary}")), isCall: false));
        Assert.Null(_gate.Check(Request("192.0.2.7", "192.0.2.1", Basic($"iothubowner:{Keys.Secondary}")), isCall: false));
    }

    [Theory]
    [InlineData("iothubowner:")]
    [InlineData(":")]
    [InlineData("")]
    [InlineData("iothubowner:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")]
    public void A_wrong_key_does_not(string credentials)
    {
        HttpContext context = Request("192.0.2.7", "192.0.2.1", Basic(credentials));

        Assert.Equal(401, _gate.Check(context, isCall: false));
        Assert.StartsWith("Basic ", context.Response.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !")]
    [InlineData("Bearer x")]
    public void Nonsense_in_place_of_a_key_is_none(string authorization)
    {
        Assert.Equal(401, _gate.Check(Request("192.0.2.7", "192.0.2.1", authorization), isCall: false));
    }

    [Theory]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-For")]
    public void A_proxy_on_this_machine_is_not_its_caller(string header)
    {
        HttpContext context = Request("127.0.0.1", "localhost");
        context.Request.Headers[header] = "192.0.2.7";

        Assert.Equal(401, _gate.Check(context, isCall: false));
    }

    [Theory]
    [InlineData(null, null, 403)]
    [InlineData("1", null, null)]
    [InlineData("1", "same-origin", null)]
    [InlineData("1", "cross-site", 403)]
    [InlineData("1", "same-site", 403)]
    public void A_call_comes_from_the_page_itself(string? callHeader, string? site, int? refused)
    {
        HttpContext context = Request("127.0.0.1", "localhost");
        context.Request.Headers[PageGate.CallHeader] = callHeader;
        context.Request.Headers["Sec-Fetch-Site"] = site;

        Assert.Equal(refused, _gate.Check(context, isCall: true));
    }

    [Fact]
    public void A_key_does_not_free_a_call_of_its_header()
    {
        Assert.Equal(403, _gate.Check(Request("192.0.2.7", "192.0.2.1", Basic($"iothubowner:{Keys.Primary}")), isCall: true));
    }

    private static string Basic(string credentials) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}";

    private static DefaultHttpContext Request(string? peer, string host, string? authorization = null)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        context.Request.Host = new HostString(host);
        context.Request.Headers.Authorization = authorization;
        return context;
    }
}
