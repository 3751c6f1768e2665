using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Node.Host.Actuation;
using Node.Host.Automation;
using Node.Host.Configuration;
using Node.Host.Observability;
using Node.Host.Sensing;
using Node.Host.Spool;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Host.Composition;

/// <summary>What reads, stores and switches: buses, sensors, spool, actuators.</summary>
internal static class SensingServices
{
    public static IServiceCollection AddSensing(this IServiceCollection services, NodeOptions options)
    {
        if (options.Bus.Provider == BusProviderKind.Emulated)
        {
            services.AddSingleton(provider => Buses.CreateBoard(options, provider.GetRequiredService<NodeClock>().Time));
        }

        services.AddSingleton(provider => Buses.Open(
            options, provider.GetRequiredService<NodeClock>().Time, provider.Logger("Node.Bus"), provider.GetService<EmulatedBoard>()));
        services.AddSingleton<IBusProvider>(static provider => provider.GetRequiredService<SharedBusProvider>());
        services.AddSingleton(provider => Spool.Spool.Open(
            new SpoolOptions { Path = Path.Combine(options.DataFolder, SpoolOptions.FileName), Limits = options.Spool },
            provider.GetRequiredService<NodeIdentity>().BootId,
            provider.GetRequiredService<NodeClock>().Steady,
            provider.Logger("Node.Spool"),
            KernelClock.ReadBootId()));
        services.AddSingleton(provider => new ReadingStore(provider.GetRequiredService<Spool.Spool>(), provider.Logger("Node.Sensing")));
        services.AddSingleton(provider => new SensorArray([.. options.Sensors.Select(sensor => Channel(provider, sensor))]));
        services.AddSingleton(provider => new ActuatorBank(
            options.Actuators, provider.GetRequiredService<IBusProvider>(), new OwnThreadTime(provider.GetRequiredService<NodeClock>().Time),
            new ActuatorRecord(Path.Combine(options.DataFolder, "actuators.json"), provider.Logger("Node.Actuation")), provider.Logger("Node.Actuation"),
            static work => ThreadPool.UnsafeQueueUserWorkItem(static each => each(), work, preferLocal: false)));
        services.AddSingleton(provider => new LocalAutomation(
            provider.GetRequiredService<SensorArray>(), provider.GetRequiredService<ActuatorBank>(), provider.GetRequiredService<ReadingStore>(),
            provider.GetRequiredService<NodeClock>(), new AlarmRecord(options.DataFolder, provider.Logger("Node.Automation")), provider.Logger("Node.Automation")));
        return services;
    }

    public static ILogger Logger(this IServiceProvider provider, string category) => provider.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    private static SensorChannel Channel(IServiceProvider provider, SensorOptions sensor)
    {
        IBusProvider buses = provider.GetRequiredService<IBusProvider>();
        NodeClock clock = provider.GetRequiredService<NodeClock>();
        return new SensorChannel(
            sensor, () => Buses.OpenSensor(sensor, buses, clock.Time), provider.GetRequiredService<ReadingStore>(), clock, provider.Logger("Node.Sensing"),
            meter: provider.GetRequiredService<SensingMeter>());
    }
}
