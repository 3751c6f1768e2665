using System.Net;
using HubEmulator.Listening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Pages;

/// <summary>The page over plain HTTP on the loopback addresses. It stays while the hub plays dead.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private const long MostRequestBytes = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly WebApplication _server;

    private PageServer(WebApplication server, int port)
    {
        _server = server;
        Port = port;
    }

    public int Port { get; }

    /// <param name="port">0 takes any free one.</param>
    /// <param name="page">What to serve.</param>
    /// <param name="log">Where the server's log goes.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="LocalHubException">The port is taken or not permitted.</exception>
    public static async Task<PageServer> StartAsync(int port, PageEndpoint page, ILoggerFactory log, CancellationToken cancellationToken)
    {
        using PortReservation reserved = PortReservation.Take(IPAddress.Loopback, port, "page");
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<IHostLifetime, DetachedLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Patience);
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = reserved.HandOver);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostRequestBytes;
            foreach (IPEndPoint endPoint in reserved.EndPoints)
            {
                kestrel.Listen(endPoint, options => options.Protocols = HttpProtocols.Http1);
            }
        });

        WebApplication server = builder.Build();
        server.UseRouting();
        page.Map(server);
        try
        {
            await server.StartAsync(cancellationToken);
            return new PageServer(server, reserved.Port);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
    }
}
