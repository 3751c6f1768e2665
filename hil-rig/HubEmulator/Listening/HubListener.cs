using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Listening;

/// <summary>One run of the web server that owns the ports. An outage disposes it and makes another; everything worth keeping lives outside.</summary>
internal sealed class HubListener : IAsyncDisposable
{
    private const long MostRequestBytes = 1024 * 1024;
    private const long MostConnections = 20_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly WebApplication _server;

    private HubListener(WebApplication server) => _server = server;

    /// <summary>Starts listening on reserved ports, whose sockets it takes over.</summary>
    /// <param name="ports">The ports.</param>
    /// <param name="certificate">What clients see on each of them.</param>
    /// <param name="mqtt">Serves the connections on the MQTT port.</param>
    /// <param name="amqp">Serves those on the AMQP port.</param>
    /// <param name="slow">When slow clients are put out.</param>
    /// <param name="map">Puts in what the HTTPS port serves.</param>
    /// <param name="log">Where the server's log goes.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    public static async Task<HubListener> StartAsync(
        HubPorts ports, X509Certificate2 certificate, ConnectionHandler mqtt, ConnectionHandler amqp, SlowClientLimits slow, Action<WebApplication> map, ILoggerFactory log, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<IHostLifetime, DetachedLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Patience);
        builder.Services.Configure<SocketTransportOptions>(options =>
            options.CreateBoundListenSocket = endPoint => ports.Of(((System.Net.IPEndPoint)endPoint).Port).HandOver(endPoint));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Limit(kestrel.Limits, slow);
            Listen(kestrel, ports.Mqtt, HubTls.Options(certificate, slow.Handshake), endPoint => endPoint.Run(mqtt.OnConnectedAsync));
            Listen(kestrel, ports.Amqp, HubTls.Options(certificate, slow.Handshake), endPoint => endPoint.Run(amqp.OnConnectedAsync));
            Listen(kestrel, ports.Https, HubTls.Options(certificate, slow.Handshake), _ => { });
        });

        WebApplication server = builder.Build();
        server.Use(DropWhenStoppingAsync);
        map(server);
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return new HubListener(server);
    }

    /// <summary>Closes the listening sockets, then drops every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
    }

    private static void Limit(KestrelServerLimits limits, SlowClientLimits slow)
    {
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxConcurrentUpgradedConnections = MostConnections;
        limits.MaxRequestBodySize = MostRequestBytes;
        limits.RequestHeadersTimeout = slow.RequestHead;
        limits.KeepAliveTimeout = slow.Idle;
        limits.MinRequestBodyDataRate = new MinDataRate(slow.BodyBytesPerSecond, slow.BodyGrace);
    }

    private static void Listen(KestrelServerOptions kestrel, PortReservation port, TlsHandshakeCallbackOptions tls, Action<ListenOptions> configure)
    {
        foreach (System.Net.IPEndPoint endPoint in port.EndPoints)
        {
            kestrel.Listen(endPoint, options =>
            {
                options.Protocols = HttpProtocols.Http1; // what the clients of the service speak
                options.Use(EndBeforeHelloAsync);
                options.UseHttps(tls);
                configure(options);
            });
        }
    }

    /// <summary>The TLS library has no words for a client that begins with another message of the handshake; it is a client's fault, and no news for the log.</summary>
    private static async Task EndBeforeHelloAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            await next(connection);
        }
        catch (NotSupportedException) when (connection.Features.Get<ClientCertificateFeature>() is null) // the feature comes with ClientHello
        {
            connection.Abort();
        }
    }

    /// <summary>A dead host answers nothing: requests under way, such as waiting method calls, are cut off.</summary>
    private static async Task DropWhenStoppingAsync(HttpContext context, RequestDelegate next)
    {
        CancellationToken stopping = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using CancellationTokenRegistration drop = stopping.Register(context.Abort);
        await next(context);
    }
}
