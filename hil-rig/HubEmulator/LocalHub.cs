using System.Security.Cryptography.X509Certificates;
using HubEmulator.Identity;
using HubEmulator.Listening;
using HubEmulator.Methods;
using HubEmulator.Mqtt;
using HubEmulator.Rest;
using HubEmulator.State;
using HubEmulator.Telemetry;
using HubEmulator.Trust;
using Microsoft.Extensions.Logging;

namespace HubEmulator;

/// <summary>
/// A local IoT Hub: MQTT for devices and HTTPS for services, both with TLS under its own certificate authority.
/// The object is the hub's lifetime; what it remembers lives in the data folder. Members may be called from any thread.
/// </summary>
public sealed partial class LocalHub : IAsyncDisposable
{
    private readonly LocalHubOptions _options;
    private readonly DataFolder _folder;
    private readonly DeviceRegistry _registry;
    private readonly IReadOnlyDictionary<string, AccessPolicy> _policies;
    private readonly StateFile _state;
    private readonly DeviceGateway _gateway;
    private readonly ServiceApi _services;
    private readonly X509Certificate2 _certificate;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _listening = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();
    private PortReservation _mqtt;
    private PortReservation _https;
    private HubListener? _listener;
    private bool _disposed;

    private LocalHub(LocalHubOptions options, DataFolder folder, PortReservation mqtt, PortReservation https)
    {
        TimeProvider clock = options.TimeProvider;
        _options = options;
        _folder = folder;
        _mqtt = mqtt;
        _https = https;
        _log = options.LoggerFactory.CreateLogger<LocalHub>();
        _state = new StateFile(folder, clock, _log);
        _registry = new DeviceRegistry(clock);
        HubRecord? remembered = _state.Load();
        _policies = HubMemory.Policies(remembered);
        HubMemory.Fill(_registry, remembered, options.Devices);
        using (DevelopmentCa authority = DevelopmentCa.Open(folder, clock.GetUtcNow()))
        {
            _certificate = authority.IssueServerCertificate(options.HostName, options.Address, clock.GetUtcNow());
        }

        var hosts = new HubHosts(options.HostName);
        var verifier = new SasVerifier(hosts, _policies, clock);
        var methods = new MethodCalls(clock);
        var intake = new TelemetryIntake(Telemetry, clock);
        _gateway = new DeviceGateway(_registry, new ConnectGate(hosts, _registry, verifier), intake, methods, _state, clock, _log);
        _services = new ServiceApi(
            hosts, verifier, clock, new RegistryCalls(_registry), new TwinCalls(_registry, _state, clock),
            new MethodEndpoint(_registry, methods), new RigCalls(Telemetry, BeginOutage), _log);
    }

    /// <summary>The name that clients use in connection strings, user names and tokens.</summary>
    public string HostName => _options.HostName;

    /// <summary>The TCP port of MQTT over TLS; the same over an outage.</summary>
    public int MqttPort => _mqtt.Port;

    /// <summary>The TCP port of HTTPS; the same over an outage.</summary>
    public int HttpsPort => _https.Port;

    /// <summary>Path of the certificate authority in PEM, which clients must trust.</summary>
    public string CaFile => _folder.PathOf(DevelopmentCa.FileName);

    /// <summary>Path of the file that tells other programs all of this.</summary>
    public string HubFile => _folder.PathOf(State.HubFile.FileName);

    /// <summary>Opens everything on the service side. It holds a secret.</summary>
    public string ServiceConnectionString =>
        $"HostName={HostName};SharedAccessKeyName={AccessPolicy.Owner};SharedAccessKey={_policies[AccessPolicy.Owner].Keys.Primary}";

    /// <summary>The devices that exist now, in the order of their ids.</summary>
    public IReadOnlyCollection<string> DeviceIds => [.. _registry.All.Select(device => device.Id).Order(StringComparer.Ordinal)];

    /// <summary>The telemetry that arrived since this object started.</summary>
    public TelemetryLog Telemetry { get; } = new();

    /// <summary>True between a stop and a resume.</summary>
    public bool IsStopped => Volatile.Read(ref _listener) is null;

    /// <summary>Starts a hub and writes <c>ca.pem</c> and <c>hub.json</c> into its data folder.</summary>
    /// <exception cref="LocalHubException">An option is wrong, a port is taken, or the data folder cannot be used.</exception>
    public static async Task<LocalHub> StartAsync(LocalHubOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        LocalHubOptionsCheck.Demand(options);
        DataFolder folder = DataFolder.Open(options.DataFolder);
        PortReservation? mqtt = null;
        PortReservation? https = null;
        LocalHub? hub = null;
        try
        {
            mqtt = PortReservation.Take(options.Address, options.MqttPort, "MQTT");
            https = PortReservation.Take(options.Address, options.HttpsPort, "HTTPS");
            hub = new LocalHub(options, folder, mqtt, https);
            hub._state.Start(hub._registry, hub._policies);
            await hub.ListenAsync(cancellationToken);
            hub.WriteHubFile();
            hub._registry.Changed += hub.WriteHubFile;
            return hub;
        }
        catch
        {
            await (hub?.DisposeAsync() ?? ValueTask.CompletedTask);
            mqtt?.Dispose();
            https?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>What a device needs to connect. It holds a secret.</summary>
    /// <exception cref="ArgumentException">The hub has no such device.</exception>
    public string DeviceConnectionString(string deviceId)
    {
        Device device = _registry.Find(deviceId) ?? throw new ArgumentException($"The hub has no device '{deviceId}'.", nameof(deviceId));
        return $"HostName={HostName};DeviceId={device.Id};SharedAccessKey={device.Identity.Keys.Primary}";
    }

    /// <summary>Plays a dead host: closes the listeners and drops every connection at once. Who dials is refused. Nothing happens when already stopped.</summary>
    public async Task StopListeningAsync()
    {
        await _listening.WaitAsync();
        try
        {
            await StopLockedAsync();
        }
        finally
        {
            _listening.Release();
        }
    }

    /// <summary>Comes back on the same ports with everything kept. Nothing happens when already listening.</summary>
    /// <exception cref="ObjectDisposedException">The hub has been disposed.</exception>
    public async Task ResumeListeningAsync()
    {
        await _listening.WaitAsync();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_listener is null)
            {
                await ListenAsync(CancellationToken.None);
            }
        }
        finally
        {
            _listening.Release();
        }
    }

    /// <summary>Ends the hub; a temporary data folder goes with it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _listening.WaitAsync();
        try
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            await StopLockedAsync();
            _gateway.Dispose();
            await _state.DisposeAsync();
            _mqtt.Dispose();
            _https.Dispose();
            _certificate.Dispose();
            _folder.Dispose();
        }
        finally
        {
            _listening.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The hub could not come back after its outage.")]
    private partial void LogNotResumed(Exception cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "The hub file could not be written.")]
    private partial void LogHubFileNotWritten(Exception cause);

    private async Task ListenAsync(CancellationToken cancellationToken) => Volatile.Write(ref _listener, await HubListener.StartAsync(
        _mqtt, _https, _certificate, new MqttConnectionHandler(_gateway, _options.TimeProvider), _services, _options.LoggerFactory, cancellationToken));

    private async Task StopLockedAsync()
    {
        if (_listener is null)
        {
            return;
        }

        await _listener.DisposeAsync();
        _mqtt = PortReservation.Take(_options.Address, _mqtt.Port, "MQTT");
        _https = PortReservation.Take(_options.Address, _https.Port, "HTTPS");
        Volatile.Write(ref _listener, null);
    }

    /// <summary>Begins an outage that ends by itself; a request to a service call asked for it.</summary>
    private void BeginOutage(TimeSpan duration) => _ = Task.Run(async () =>
    {
        try
        {
            await StopListeningAsync();
            await Task.Delay(duration, _options.TimeProvider, _disposing.Token);
            await ResumeListeningAsync();
        }
        catch (Exception cause) when (cause is OperationCanceledException or ObjectDisposedException or LocalHubException or IOException)
        {
            if (!_disposing.IsCancellationRequested)
            {
                LogNotResumed(cause);
            }
        }
    });

    private void WriteHubFile()
    {
        try
        {
            State.HubFile.Write(_folder, this);
        }
        catch (LocalHubException failed) when (!IsStopped)
        {
            LogHubFileNotWritten(failed);
        }
    }
}
