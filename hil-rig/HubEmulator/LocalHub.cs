using HubEmulator.Amqp;
using HubEmulator.C2d;
using HubEmulator.Faults;
using HubEmulator.Identity;
using HubEmulator.Listening;
using HubEmulator.Mqtt;
using HubEmulator.Pages;
using HubEmulator.State;
using HubEmulator.Trust;

namespace HubEmulator;

/// <summary>
/// A local IoT Hub: MQTT for devices, HTTPS and AMQP for services, all with TLS under its own certificate authority.
/// The object is the hub's lifetime; what it remembers lives in the data folder. Members may be called from any thread.
/// </summary>
public sealed class LocalHub : IAsyncDisposable
{
    private readonly LocalHubOptions _options;
    private readonly DataFolder _folder;
    private readonly HubFront _front;
    private readonly HubParts _parts;
    private PageServer? _pageServer;
    private int _disposed;

    private LocalHub(LocalHubOptions options, DataFolder folder, HubFront front)
    {
        _options = options;
        _folder = folder;
        _front = front;
        _parts = new HubParts(this, options, folder, front);
    }

    /// <summary>The name that clients use in connection strings, user names and tokens.</summary>
    public string HostName => _options.HostName;

    /// <summary>The TCP port of MQTT over TLS; the same over an outage.</summary>
    public int MqttPort => _front.MqttPort;

    /// <summary>The TCP port of HTTPS; the same over an outage.</summary>
    public int HttpsPort => _front.HttpsPort;

    /// <summary>The TCP port of AMQP over TLS; the same over an outage.</summary>
    public int AmqpPort => _front.AmqpPort;

    /// <summary>The id scope under which devices register, on the same ports.</summary>
    public string IdScope => _parts.Provisioning.IdScope;

    /// <summary>How the provisioning service behaves towards devices that register.</summary>
    public ProvisioningBehaviour Provisioning => _parts.Provisioning.Behaviour;

    /// <summary>Path of the certificate authority in PEM, which clients must trust.</summary>
    public string CaFile => _folder.PathOf(DevelopmentCa.FileName);

    /// <summary>Path of the file that tells other programs all of this.</summary>
    public string HubFile => _folder.PathOf(State.HubFile.FileName);

    /// <summary>Opens everything on the service side. It holds a secret.</summary>
    public string ServiceConnectionString => PolicyConnectionStrings[AccessPolicy.Owner];

    /// <summary>The connection strings of all built-in policies, by name. Each holds a secret.</summary>
    public IReadOnlyDictionary<string, string> PolicyConnectionStrings => _parts.Policies.Values.ToDictionary(
        policy => policy.Name, policy => $"HostName={HostName};SharedAccessKeyName={policy.Name};SharedAccessKey={policy.Keys.Primary}", StringComparer.Ordinal);

    /// <summary>The key of the built-in blob store's account.</summary>
    internal string StorageKey => _parts.State.StorageKey!;

    /// <summary>The address of the local page: over plain HTTP where <see cref="LocalHubOptions.PagePort"/> asked for it, otherwise on the HTTPS port.</summary>
    public Uri PageAddress => _pageServer is { } plain ? new Uri($"http://127.0.0.1:{plain.Port}/") : new Uri($"https://{HostName}:{HttpsPort}/");

    /// <summary>Reads telemetry as from an Event Hub. It holds a secret.</summary>
    public string EventHubConnectionString =>
        $"Endpoint=sb://{_parts.AmqpHost.Endpoint}/;SharedAccessKeyName={AccessPolicy.Service};SharedAccessKey={_parts.Policies[AccessPolicy.Service].Keys.Primary};EntityPath={_parts.AmqpHost.ShortName}";

    /// <summary>The devices that exist now, in the order of their ids.</summary>
    public IReadOnlyCollection<string> DeviceIds => [.. _parts.Registry.Devices.Select(device => device.Id).Order(StringComparer.Ordinal)];

    /// <summary>The telemetry that arrived since this object started.</summary>
    public TelemetryLog Telemetry { get; } = new();

    /// <summary>The file uploads that ended since this object started.</summary>
    public UploadLog Uploads { get; } = new();

    /// <summary>The connections that came, went or were refused since this object started.</summary>
    public HubEventLog ConnectionEvents { get; } = new();

    /// <summary>What senders of cloud-to-device messages asked to hear, since this object started.</summary>
    public FeedbackLog Feedback { get; } = new();

    /// <summary>True between a stop and a resume.</summary>
    public bool IsStopped => _front.IsStopped;

    /// <summary>Starts a hub and writes <c>ca.pem</c> and <c>hub.json</c> into its data folder.</summary>
    /// <exception cref="LocalHubException">An option is wrong, a port is taken, or the data folder cannot be used.</exception>
    public static async Task<LocalHub> StartAsync(LocalHubOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        LocalHubOptionsCheck.Demand(options);
        DataFolder folder = DataFolder.Open(options.DataFolder);
        HubFront? front = null;
        LocalHub? hub = null;
        try
        {
            front = HubFront.Reserve(options);
            hub = new LocalHub(options, folder, front);
            hub._pageServer = options.PagePort is { } pagePort ? await PageServer.StartAsync(pagePort, hub._parts.Page, options.LoggerFactory, cancellationToken) : null;
            hub._parts.Start(hub.WriteHubFile);
            await front.OpenAsync(
                (ports, token) => HubListener.StartAsync(
                    ports, hub._parts.Certificate, new MqttConnectionHandler(hub._parts.Gateway, options.TimeProvider), new AmqpConnectionHandler(hub._parts.Amqp), options.SlowClients, hub._parts.MapHttps, options.LoggerFactory, token),
                cancellationToken);
            return hub;
        }
        catch
        {
            await (hub?.DisposeAsync() ?? front?.DisposeAsync() ?? ValueTask.CompletedTask);
            folder.Dispose();
            throw;
        }
    }

    /// <summary>What a device needs to connect: a secret, or <c>x509=true</c> for a device with a certificate.</summary>
    /// <exception cref="ArgumentException">The hub has no such device.</exception>
    public string DeviceConnectionString(string deviceId)
    {
        Device device = _parts.Registry.Find(deviceId) ?? throw new ArgumentException($"The hub has no device '{deviceId}'.", nameof(deviceId));
        return $"HostName={HostName};DeviceId={device.Id};{CredentialOf(device)}";
    }

    /// <summary>What a module needs to connect: a secret, or <c>x509=true</c> for a module with a certificate.</summary>
    /// <exception cref="ArgumentException">The device has no such module.</exception>
    public string ModuleConnectionString(string deviceId, string moduleId)
    {
        Device module = _parts.Registry.Find(Identity.DeviceIds.Join(deviceId, moduleId))
            ?? throw new ArgumentException($"Device '{deviceId}' has no module '{moduleId}'.", nameof(moduleId));
        return $"HostName={HostName};DeviceId={deviceId};ModuleId={moduleId};{CredentialOf(module)}";
    }

    /// <summary>Sends a cloud-to-device message.</summary>
    /// <returns>False when the device's queue is full.</returns>
    /// <exception cref="ArgumentException">The hub has no such device, or takes no such message.</exception>
    public bool TrySendMessage(string deviceId, C2dMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Device device = _parts.Registry.Find(deviceId) ?? throw new ArgumentException($"The hub has no device '{deviceId}'.", nameof(deviceId));
        string? broken = C2dRules.FindBrokenRule(message) ?? (C2dRules.IsTooLarge(deviceId, message) ? "The message is too large." : null);
        return broken is null ? _parts.Messages.TrySend(device, message) : throw new ArgumentException(broken, nameof(message));
    }

    /// <summary>Plays a dead host: closes the listeners and drops every connection at once. Who dials is refused. Nothing happens when already stopped.</summary>
    public Task StopListeningAsync() => _front.CloseAsync();

    /// <summary>Comes back on the same ports with everything kept. Nothing happens when already listening.</summary>
    /// <exception cref="ObjectDisposedException">The hub has been disposed.</exception>
    /// <exception cref="LocalHubException">Another program has taken a port meanwhile.</exception>
    public Task ResumeListeningAsync() => _front.ReopenAsync();

    /// <summary>Lets the next requests to the built-in blob store fail, each with the same status; a later call takes the place of an earlier one.</summary>
    /// <param name="requests">How many, 0 for none.</param>
    /// <param name="status">HTTP status, 400 to 599.</param>
    public void FailStorageRequests(int requests, int status)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(requests);
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        _parts.StorageFaults.FailNext(requests, status);
    }

    /// <summary>The faults that wait or are in force, and the last hundred that have ended, by their numbers.</summary>
    public IReadOnlyList<HubFaultStatus> Faults => _parts.Faults.List();

    /// <summary>Plays a fault. Without a wait it is in force when this returns.</summary>
    /// <returns>The fault with its number.</returns>
    /// <exception cref="ArgumentException">A member is out of its range, or has no meaning for the kind.</exception>
    /// <exception cref="InvalidOperationException">A hundred faults have not ended.</exception>
    public HubFaultStatus Play(HubFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (FaultRules.FindBrokenRule(fault) is { } broken)
        {
            throw new ArgumentException(broken, nameof(fault));
        }

        RunningFault added = _parts.Faults.TryAdd(fault) ?? throw new InvalidOperationException($"{FaultDesk.MostPending} faults have not ended; end some.");
        _parts.Faults.Arm(added);
        return added.Describe();
    }

    /// <summary>Ends a fault before its time.</summary>
    /// <returns>False when there is none of that number, or it has ended.</returns>
    public bool TryEndFault(long id) => _parts.Faults.TryEnd(id);

    /// <summary>Ends the hub; a temporary data folder goes with it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _parts.Faults.Dispose(); // a device that one has disabled is remembered as it was
        await _front.DisposeAsync();
        await (_pageServer?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _parts.DisposeAsync();
        _folder.Dispose();
    }

    private static string CredentialOf(Device device) => device.Identity.Credentials.Type == AuthenticationType.Sas ? $"SharedAccessKey={device.Identity.Keys.Primary}" : "x509=true";

    private void WriteHubFile() => State.HubFile.Write(_folder, this);
}
