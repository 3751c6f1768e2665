using Microsoft.AspNetCore.Http;
using Node.Host.Dashboard;

namespace Node.Host.Tests.Dashboard;

public sealed class HostNamesTests
{
    [Theory]
    [InlineData("192.168.1.20:8080", true)]
    [InlineData("[fe80::1]:8080", true)]
    [InlineData("localhost", true)]
    [InlineData("2ed5a1e.local", true)]
    [InlineData("sensornode:8080", true)]
    [InlineData("2ed5a1e8b6f74d0b.balena-devices.com", true)]
    [InlineData("node.example.com", true)]
    [InlineData("NODE.example.com.:80", true)]
    [InlineData("pi.fleet.example.org", true)]
    [InlineData("fleet.example.org", false)]
    [InlineData("evil.example", false)]
    [InlineData("evil-balena-devices.com", false)]
    [InlineData("192.168.1.20.evil.example", false)]
    [InlineData("local.evil.example", false)]
    public void A_name_of_the_internet_is_not_the_nodes_unless_it_is_allowed(string host, bool isOurs)
    {
        var names = new HostNames(["node.example.com", "*.fleet.example.org"]);

        Assert.Equal(isOurs, names.IsOurs(new HostString(host)));
    }

    [Fact]
    public void A_star_allows_every_name() => Assert.True(new HostNames(["*"]).IsOurs(new HostString("anything.example")));

    [Theory]
    [InlineData(null, null, null, false)] // A program.
    [InlineData("http://pi.local:8080", null, null, false)]
    [InlineData("http://evil.example", null, null, true)]
    [InlineData("http://pi.local", null, null, true)] // Another port is another origin.
    [InlineData("null", null, null, true)] // A sandboxed frame.
    [InlineData("https://fleet.example.com", null, "fleet.example.com", false)]
    [InlineData("https://evil.example", "cross-site", "evil.example", true)]
    [InlineData("https://fleet.example.com", "same-origin", null, false)]
    [InlineData("http://other.pi.local", "same-site", null, true)]
    public void A_page_of_another_origin_is_foreign(string? origin, string? site, string? forwarded, bool isForeign)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString("pi.local:8080");
        foreach ((string name, string? value) in new[] { ("Origin", origin), ("Sec-Fetch-Site", site), ("X-Forwarded-Host", forwarded) })
        {
            if (value is not null)
            {
                context.Request.Headers[name] = value;
            }
        }

        Assert.Equal(isForeign, HostNames.IsForeign(context.Request));
    }
}
