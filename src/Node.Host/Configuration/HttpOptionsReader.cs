using System.Net;
using Node.Host.Dashboard;

namespace Node.Host.Configuration;

/// <summary>Reads where the page listens, as what it answers, and who may change something there.</summary>
internal sealed class HttpOptionsReader(SettingsReader settings)
{
    public HttpOptions Read()
    {
        string? address = settings.Text("Node:Http:Address", IPAddress.Loopback.ToString(), "an IP address");
        IPAddress? parsed = IPAddress.Loopback;
        if (address is not null && !IPAddress.TryParse(address, out parsed))
        {
            settings.Fault("Node:Http:Address", $"'{address}' is not allowed; allowed is an IP address such as 127.0.0.1 or 0.0.0.0");
        }

        return new HttpOptions
        {
            Port = settings.Integer("Node:Http:Port", 8080, 0, 65_535),
            Address = parsed ?? IPAddress.Loopback,
            Token = ReadToken(),
            AllowedHosts = ReadHosts(),
        };
    }

    private string[] ReadHosts()
    {
        const string Path = "Node:Http:AllowedHosts";
        string[] names = (settings.Text(Path, allowed: "names with ';' between, *.example.com for all below one, * for any") ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in names.Where(name => name != HostNames.Any && Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name) != UriHostNameType.Dns))
        {
            settings.Fault(Path, $"'{name}' is no host name; write it without a scheme and without a port, such as node.example.com, *.example.com or *");
        }

        return names;
    }

    private string? ReadToken()
    {
        const string Path = "Node:Http:Token";
        const int Shortest = 8;
        string? token = settings.Text(Path);
        if (token is { Length: < Shortest })
        {
            settings.Fault(Path, $"is shorter than {Shortest} characters; make a longer one, for example with 'openssl rand -hex 16'");
        }

        return token;
    }
}
