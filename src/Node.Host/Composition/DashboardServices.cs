using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Node.Host.Actuation;
using Node.Host.Configuration;
using Node.Host.Dashboard;
using Node.Host.Dashboard.Events;
using Node.Host.Dashboard.History;
using Node.Host.Hub;
using Node.Host.Logging;
using Node.Host.Scanning;
using Node.Host.Sensing;
using Node.Host.Twin;
using Node.Sensors.Bus;

namespace Node.Host.Composition;

/// <summary>The page at the node's HTTP port and what feeds it.</summary>
internal static class DashboardServices
{
    public static IServiceCollection AddDashboard(this IServiceCollection services, NodeOptions options) => services
        .AddSingleton(FleetIdentity.Read(Environment.GetEnvironmentVariable)).AddSingleton<StatusSource>().AddSingleton<Health>().AddSingleton<ReadingHistory>().AddSingleton<EventStream>()
        .AddSingleton(provider => new EventMessages(options.Hub.DeviceId ?? "sensornode", provider.GetRequiredService<SensorArray>(), provider.GetRequiredService<ActuatorBank>()))
        .AddSingleton(provider => new GentleScan(
            provider.GetRequiredService<SharedBusProvider>(), options.Bus.Provider == BusProviderKind.Linux ? BusInventory.OfMachine("/dev").I2c : [],
            provider.GetRequiredService<SensorArray>(), provider.GetRequiredService<NodeClock>().Time))
        .AddHostedService<DashboardFeed>();

    public static void MapDashboard(this WebApplication app, NodeOptions options, IConfigurationRoot configuration)
    {
        IServiceProvider services = app.Services;
        SensorArray sensors = services.GetRequiredService<SensorArray>();
        app.MapDashboard(services.GetRequiredService<StatusSource>(), services.GetRequiredService<Health>(), services.GetRequiredService<HubLink>(), new HostNames(options.Http.AllowedHosts));
        app.MapReadings(sensors, services.GetRequiredService<ReadingHistory>());
        app.MapInspection(
            services.GetRequiredService<LogRing>(), configuration, services.GetRequiredService<NodeTwin>(), services.GetRequiredService<ReportedDocument>(),
            services.GetService<HubLoop>(), services.GetRequiredService<GentleScan>());
        var events = new EventEndpoint(
            services.GetRequiredService<EventStream>(), services.GetRequiredService<EventMessages>(), services.GetRequiredService<NodeClock>().Time,
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        app.MapShow("/events", events.ServeAsync);
        app.MapActuators(services.GetRequiredService<ActuatorBank>(), new LocalToken(options.Http.Token, new WrongTokens(services.GetRequiredService<NodeClock>().Time)));
    }
}
