using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Configuration;
using Node.Host.Observability;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Observability;

public sealed class ServiceWatchTests
{
    [Fact]
    public async Task It_is_ready_once_started_gives_signs_of_life_at_half_the_patience_and_says_that_it_stops()
    {
        using var rig = new WatchRig(("WATCHDOG_USEC", "30000000"));
        await rig.Watch.StartAsync(TestContext.Current.CancellationToken);
        Assert.Empty(rig.Manager.Arrived());

        rig.Lifetime.Start();
        Assert.Equal("READY=1\nSTATUS=ok 1/1", rig.Manager.Read());
        Assert.Equal(TimeSpan.FromSeconds(15), rig.Watch.Interval);
        rig.Node.Time.Advance(TimeSpan.FromSeconds(14));
        Assert.Empty(rig.Manager.Arrived());
        rig.Node.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["STATUS=ok 1/1", "WATCHDOG=1"], rig.Manager.Arrived());

        rig.Lifetime.StopApplication();
        Assert.Equal("STOPPING=1\nSTATUS=stopping", rig.Manager.Read());
        rig.Node.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(rig.Manager.Arrived());
    }

    [Fact]
    public async Task The_signs_of_life_end_while_sampling_stands_still_and_return_with_it()
    {
        using var rig = new WatchRig(("WATCHDOG_USEC", "2000000"));
        await rig.Watch.StartAsync(TestContext.Current.CancellationToken);
        rig.Lifetime.Start();
        rig.Manager.Read();

        rig.Answer = (false, "stalled: sensor climate");
        rig.Node.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["STATUS=stalled: sensor climate"], rig.Manager.Arrived());

        rig.Answer = (true, "ok 1/1");
        rig.Node.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["STATUS=ok 1/1", "WATCHDOG=1"], rig.Manager.Arrived());
    }

    [Theory]
    [InlineData("1")] // Another process is watched.
    [InlineData("x")]
    public async Task A_watchdog_that_is_meant_for_another_process_gets_no_signs_of_life(string pid)
    {
        using var rig = new WatchRig(("WATCHDOG_USEC", "2000000"), ("WATCHDOG_PID", pid));
        await rig.Watch.StartAsync(TestContext.Current.CancellationToken);
        rig.Lifetime.Start();
        rig.Manager.Read();

        rig.Node.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.All(rig.Manager.Arrived(), state => Assert.StartsWith("STATUS=", state, StringComparison.Ordinal));
    }

    [Fact]
    public void Its_own_process_id_is_watched()
    {
        using var rig = new WatchRig(("WATCHDOG_USEC", "5000000"), ("WATCHDOG_PID", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));

        Assert.Equal(TimeSpan.FromSeconds(5), rig.Notifier!.WatchdogInterval);
    }

    [Fact]
    public void A_reload_is_announced_with_the_monotonic_instant_and_ends_with_ready()
    {
        using var rig = new WatchRig();

        rig.Watch.Reload();

        long microseconds = (long)rig.Node.Time.GetElapsedTime(0).TotalMicroseconds;
        Assert.Equal([$"RELOADING=1\nMONOTONIC_USEC={microseconds}", "READY=1\nSTATUS=ok 1/1"], rig.Manager.Arrived());
    }

    [Fact]
    public void An_abstract_socket_works_too()
    {
        string name = $"@sensornode-test-{Guid.NewGuid():N}";
        using var manager = new NotifySocket(name);
        using ServiceNotifier notifier = ServiceNotifier.FromEnvironment(variable => variable == "NOTIFY_SOCKET" ? name : null, 1, NullLogger.Instance)!;

        notifier.Ready("two\nlines");

        Assert.Equal("READY=1\nSTATUS=two lines", manager.Read());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vsock:2:3")]
    public void Without_a_socket_that_it_knows_nobody_is_told(string? address) =>
        Assert.Null(ServiceNotifier.FromEnvironment(_ => address, 1, NullLogger.Instance));

    [Fact]
    public void A_manager_that_is_gone_harms_nothing()
    {
        using var folder = new TemporaryFolder();
        using ServiceNotifier notifier = ServiceNotifier.FromEnvironment(
            variable => variable == "NOTIFY_SOCKET" ? folder.File("gone") : null, 1, NullLogger.Instance)!;

        notifier.Alive();
        notifier.Stopping();
    }

    private sealed class WatchRig : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public WatchRig(params (string Name, string Value)[] variables)
        {
            string socket = _folder.File("notify");
            Manager = new NotifySocket(socket);
            Dictionary<string, string> environment = variables.ToDictionary(each => each.Name, each => each.Value);
            environment["NOTIFY_SOCKET"] = socket;
            Notifier = ServiceNotifier.FromEnvironment(environment.GetValueOrDefault, Environment.ProcessId, NullLogger.Instance);
            var configuration = new ConfigurationBuilder().Build();
            Watch = new ServiceWatch(
                () => Answer, new ConfigurationReload(configuration, () => NodeOptionsReader.Read(configuration, "/")), Lifetime, Node.Clock, NullLogger.Instance, Notifier);
        }

        public (bool IsHealthy, string Text) Answer { get; set; } = (true, "ok 1/1");

        public NotifySocket Manager { get; }

        public ServiceNotifier? Notifier { get; }

        public TestNode Node { get; } = new();

        public ScriptedLifetime Lifetime { get; } = new();

        public ServiceWatch Watch { get; }

        public void Dispose()
        {
            Watch.Dispose();
            Notifier?.Dispose();
            Manager.Dispose();
            Lifetime.Dispose();
            Node.Dispose();
            _folder.Dispose();
        }
    }

    private sealed class ScriptedLifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new();
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void Start() => _started.Cancel();

        public void StopApplication() => _stopping.Cancel();

        public void Dispose()
        {
            _started.Dispose();
            _stopping.Dispose();
        }
    }
}
