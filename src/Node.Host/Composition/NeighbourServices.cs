using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Node.Host.Configuration;
using Node.Host.Dashboard;
using Node.Host.Neighbours;
using Node.Host.Sensing;

namespace Node.Host.Composition;

/// <summary>Readings for other containers on the same machine: nothing unless it is configured.</summary>
internal static class NeighbourServices
{
    public static IServiceCollection AddNeighbours(this IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(provider =>
        {
            var block = new SensorBlock(provider.GetRequiredService<SensorArray>());
            block.Follow();
            return block;
        });
        return options.Neighbours.MqttHost is null ? services : services.AddHostedService(provider => new BrokerPublisher(
            options.Neighbours, provider.GetRequiredService<SensorBlock>(), $"sensornode-{provider.GetRequiredService<NodeIdentity>().BootId}",
            provider.GetRequiredService<NodeClock>().Time, provider.Logger("Node.Neighbours"), Home(provider, options)));
    }

    private static HomeAssistant? Home(IServiceProvider provider, NodeOptions options) => options.Neighbours.DiscoveryPrefix is { } prefix
        ? new HomeAssistant(
            prefix, options.Hub.DeviceId ?? Environment.MachineName, provider.GetRequiredService<NodeIdentity>().Version,
            provider.GetRequiredService<SensorArray>(), provider.GetRequiredService<SensorBlock>())
        : null;

    /// <summary>Answers every GET on the block's port with the readings, and nothing else there.</summary>
    public static void UseSensorBlock(this WebApplication app, NodeOptions options)
    {
        int port = options.Neighbours.HttpPort;
        if (port == 0)
        {
            return;
        }

        SensorBlock block = app.Services.GetRequiredService<SensorBlock>();
        app.Use((context, next) => context.Connection.LocalPort != port ? next(context)
            : HttpMethods.IsGet(context.Request.Method) ? Answers.JsonAsync(context, block.Json())
            : Answers.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "this port has the readings alone; ask with GET"));
    }
}
