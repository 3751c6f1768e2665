using System.Net;
using System.Security.Cryptography.X509Certificates;
using HubEmulator.Amqp;
using HubEmulator.Blobs;
using HubEmulator.C2d;
using HubEmulator.Configurations;
using HubEmulator.Events;
using HubEmulator.Faults;
using HubEmulator.Identity;
using HubEmulator.Jobs;
using HubEmulator.Listening;
using HubEmulator.Methods;
using HubEmulator.Mqtt;
using HubEmulator.Notices;
using HubEmulator.Pages;
using HubEmulator.Provisioning;
using HubEmulator.Rest;
using HubEmulator.State;
using HubEmulator.Telemetry;
using HubEmulator.Trust;
using HubEmulator.Twins;
using HubEmulator.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace HubEmulator;

/// <summary>
/// A local IoT Hub: MQTT for devices, HTTPS and AMQP for services, all with TLS under its own certificate authority.
/// The object is the hub's lifetime; what it remembers lives in the data folder. Members may be called from any thread.
/// </summary>
public sealed class LocalHub : IAsyncDisposable
{
    private readonly LocalHubOptions _options;
    private readonly DataFolder _folder;
    private readonly DeviceRegistry _registry;
    private readonly IReadOnlyDictionary<string, AccessPolicy> _policies;
    private readonly StateFile _state;
    private readonly ProvisioningService _provisioning;
    private readonly C2dDesk _messages;
    private readonly DeviceGateway _gateway;
    private readonly AmqpHost _amqpHost;
    private readonly AmqpGateway _amqp;
    private readonly JobDesk _jobs;
    private readonly ConfigurationDesk _configurations;
    private readonly TransferDesk _transfers;
    private readonly ServiceApi _services;
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2 _authority;
    private readonly HubFront _front;
    private readonly PageEndpoint _page;
    private readonly FaultDesk _faults;
    private readonly StorageFaults _storageFaults = new();
    private PageServer? _pageServer;
    private int _disposed;

    private LocalHub(LocalHubOptions options, DataFolder folder, HubFront front)
    {
        TimeProvider clock = options.TimeProvider;
        _options = options;
        _folder = folder;
        _front = front;
        ILogger log = options.LoggerFactory.CreateLogger<LocalHub>();
        _state = new StateFile(folder, clock, log);
        _registry = new DeviceRegistry(clock);
        HubRecord? remembered = _state.Load();
        _policies = HubMemory.Policies(remembered);
        HubMemory.Fill(_registry, remembered, options.Devices);
        _state.StorageKey = remembered?.StorageKey ?? BlobAccount.GenerateKey();
        using (DevelopmentCa authority = DevelopmentCa.Open(folder, clock.GetUtcNow()))
        {
            _authority = authority.Certificate;
            _certificate = authority.IssueServerCertificate(options.HostName, options.Address, clock.GetUtcNow());
        }

        _faults = new FaultDesk(clock, log) { Events = ConnectionEvents };
        _provisioning = new ProvisioningService(options, _registry, _faults);
        _provisioning.Fill(remembered?.Provisioning, options);
        var hosts = new HubHosts(options.HostName);
        var verifier = new SasVerifier(hosts, _policies, clock);
        var deviceVerifier = new DeviceVerifier(verifier, new CertificateVerifier([_authority, .. options.DeviceAuthorities], clock));
        var methods = new MethodCalls(clock);
        var stream = new EventStream(options.Partitions, clock.GetUtcNow());
        var intake = new TelemetryIntake(Telemetry, stream, clock);
        _messages = new C2dDesk(_registry, _state, Feedback, options.DeliverOlderMessages, clock);
        _gateway = new DeviceGateway(_registry, new ConnectGate(hosts, _registry, deviceVerifier), intake, methods, _messages, _state, _provisioning.Desk, _faults, clock, log)
        {
            ConnectionEvents = ConnectionEvents,
        };
        _amqpHost = new AmqpHost(options.HostName, IPAddress.IsLoopback(options.Address) ? "localhost" : options.HostName, front.AmqpPort);
        var notices = new NoticeBoard(Feedback, Uploads, options.FeedbackPeriod, clock);
        _amqp = new AmqpGateway(options.HostName, verifier, Nodes(verifier, stream, notices, log), clock, log);
        _faults.Bind(new FaultDeeds(_registry, _gateway, _amqp, front.BeginOutage, clock));
        var twins = new TwinWriter(_state, _faults, clock);
        _jobs = new JobDesk(_registry, new DeviceDeeds(_registry, methods, twins, clock), clock, log);
        _jobs.Restore(remembered?.Jobs ?? []);
        _configurations = new ConfigurationDesk(_registry, twins, log);
        _configurations.Restore(remembered?.Configurations ?? []);
        UploadTarget? uploads = TargetOfUploads(options);
        BlobEndpoint? blobs = uploads?.Store is { } store ? new BlobEndpoint(hosts, store, uploads.Account, _storageFaults, clock, log) : null;
        var changes = new IdentityChanges(_registry, twins);
        _transfers = new TransferDesk(_registry, changes, uploads?.Store is { } own ? new ContainerAccess(hosts, own, uploads.Account, clock) : null, clock, log);
        var uploadCalls = new UploadCalls(_registry, new UploadDesk(Uploads, options.UploadTokenLifetime, clock), uploads);
        _services = new ServiceApi(
            hosts, verifier, deviceVerifier, clock, new RegistryCalls(_registry), new TwinCalls(_registry, twins),
            new MethodEndpoint(_registry, methods), new RigCalls(Telemetry, ConnectionEvents, front.BeginOutage), new ModuleCalls(_registry),
            _registry, uploadCalls, new C2dCalls(_registry, _messages), blobs, _faults, FurtherRoutes(notices, intake, twins, methods, changes), log)
        {
            SavedAsync = _state.SavedAsync,
        };
        _page = new PageEndpoint(
            new PageGate(hosts, _policies[AccessPolicy.Owner]), new PageReads(this, _registry, _faults), new PageWrites(this, _registry, methods, _messages, _faults, twins), _state, log);
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
    public string IdScope => _provisioning.IdScope;

    /// <summary>How the provisioning service behaves towards devices that register.</summary>
    public ProvisioningBehaviour Provisioning => _provisioning.Behaviour;

    /// <summary>Path of the certificate authority in PEM, which clients must trust.</summary>
    public string CaFile => _folder.PathOf(DevelopmentCa.FileName);

    /// <summary>Path of the file that tells other programs all of this.</summary>
    public string HubFile => _folder.PathOf(State.HubFile.FileName);

    /// <summary>Opens everything on the service side. It holds a secret.</summary>
    public string ServiceConnectionString => PolicyConnectionStrings[AccessPolicy.Owner];

    /// <summary>The connection strings of all built-in policies, by name. Each holds a secret.</summary>
    public IReadOnlyDictionary<string, string> PolicyConnectionStrings => _policies.Values.ToDictionary(
        policy => policy.Name, policy => $"HostName={HostName};SharedAccessKeyName={policy.Name};SharedAccessKey={policy.Keys.Primary}", StringComparer.Ordinal);

    /// <summary>The key of the built-in blob store's account.</summary>
    internal string StorageKey => _state.StorageKey!;

    /// <summary>The address of the local page: over plain HTTP where <see cref="LocalHubOptions.PagePort"/> asked for it, otherwise on the HTTPS port.</summary>
    public Uri PageAddress => _pageServer is { } plain ? new Uri($"http://127.0.0.1:{plain.Port}/") : new Uri($"https://{HostName}:{HttpsPort}/");

    /// <summary>Reads telemetry as from an Event Hub. It holds a secret.</summary>
    public string EventHubConnectionString =>
        $"Endpoint=sb://{_amqpHost.Endpoint}/;SharedAccessKeyName={AccessPolicy.Service};SharedAccessKey={_policies[AccessPolicy.Service].Keys.Primary};EntityPath={_amqpHost.ShortName}";

    /// <summary>The devices that exist now, in the order of their ids.</summary>
    public IReadOnlyCollection<string> DeviceIds => [.. _registry.Devices.Select(device => device.Id).Order(StringComparer.Ordinal)];

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
            hub._pageServer = options.PagePort is { } pagePort ? await PageServer.StartAsync(pagePort, hub._page, options.LoggerFactory, cancellationToken) : null;
            hub._state.Start(hub._registry, hub._policies, hub._provisioning, hub._jobs, hub._configurations, hub.WriteHubFile);
            hub._configurations.Start();
            await front.OpenAsync(
                (ports, token) => HubListener.StartAsync(
                    ports, hub._certificate, new MqttConnectionHandler(hub._gateway, options.TimeProvider), new AmqpConnectionHandler(hub._amqp), options.SlowClients, hub.MapHttps, options.LoggerFactory, token),
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
        Device device = _registry.Find(deviceId) ?? throw new ArgumentException($"The hub has no device '{deviceId}'.", nameof(deviceId));
        return $"HostName={HostName};DeviceId={device.Id};{CredentialOf(device)}";
    }

    /// <summary>What a module needs to connect: a secret, or <c>x509=true</c> for a module with a certificate.</summary>
    /// <exception cref="ArgumentException">The device has no such module.</exception>
    public string ModuleConnectionString(string deviceId, string moduleId)
    {
        Device module = _registry.Find(Identity.DeviceIds.Join(deviceId, moduleId))
            ?? throw new ArgumentException($"Device '{deviceId}' has no module '{moduleId}'.", nameof(moduleId));
        return $"HostName={HostName};DeviceId={deviceId};ModuleId={moduleId};{CredentialOf(module)}";
    }

    /// <summary>Sends a cloud-to-device message.</summary>
    /// <returns>False when the device's queue is full.</returns>
    /// <exception cref="ArgumentException">The hub has no such device, or takes no such message.</exception>
    public bool TrySendMessage(string deviceId, C2dMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Device device = _registry.Find(deviceId) ?? throw new ArgumentException($"The hub has no device '{deviceId}'.", nameof(deviceId));
        string? broken = C2dRules.FindBrokenRule(message) ?? (C2dRules.IsTooLarge(deviceId, message) ? "The message is too large." : null);
        return broken is null ? _messages.TrySend(device, message) : throw new ArgumentException(broken, nameof(message));
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
        _storageFaults.FailNext(requests, status);
    }

    /// <summary>The faults that wait or are in force, and the last hundred that have ended, by their numbers.</summary>
    public IReadOnlyList<HubFaultStatus> Faults => _faults.List();

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

        RunningFault added = _faults.TryAdd(fault) ?? throw new InvalidOperationException($"{FaultDesk.MostPending} faults have not ended; end some.");
        _faults.Arm(added);
        return added.Describe();
    }

    /// <summary>Ends a fault before its time.</summary>
    /// <returns>False when there is none of that number, or it has ended.</returns>
    public bool TryEndFault(long id) => _faults.TryEnd(id);

    /// <summary>Ends the hub; a temporary data folder goes with it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _faults.Dispose(); // a device that one has disabled is remembered as it was
        await _front.DisposeAsync();
        await (_pageServer?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _jobs.DisposeAsync();
        await _configurations.DisposeAsync();
        await _transfers.DisposeAsync();
        _gateway.Dispose();
        _amqp.Dispose();
        await _state.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    private AmqpNodes Nodes(SasVerifier verifier, EventStream stream, NoticeBoard notices, ILogger log)
    {
        var groups = new HashSet<string>(_options.ConsumerGroups.Append(EventNode.DefaultGroup), StringComparer.OrdinalIgnoreCase);
        return new AmqpNodes(
            new TokenNode(verifier, log), new ManagementNode(stream, _amqpHost, verifier), new DeviceboundNode(_registry, _messages, _options.TimeProvider), new EventNode(stream, groups),
            notices, _amqpHost);
    }

    private IEnumerable<ServiceRoute> FurtherRoutes(NoticeBoard notices, TelemetryIntake intake, TwinWriter twins, MethodCalls methods, IdentityChanges changes) =>
    [
        .. new QueryCalls(_registry, _jobs).Routes,
        .. new JobCalls(_jobs, _options.TimeProvider).Routes,
        .. new ConfigurationCalls(_configurations, _registry, _options.TimeProvider).Routes,
        .. new BulkCalls(changes).Routes,
        .. new TransferCalls(_transfers, _options.TimeProvider).Routes,
        .. new EnrolmentCalls(_provisioning.Book, _provisioning.Desk).Routes,
        .. new RegistrationStateCalls(_provisioning.Book, _provisioning.Desk).Routes,
        .. new ContentCalls(_registry, new DeviceContent(_registry, twins)).Routes,
        .. new DigitalTwinCalls(_registry, twins, methods).Routes,
        .. new FeedbackCalls(notices.Feedback).Routes,
        .. new EventCalls(intake).Routes,
        .. new DeviceboundCalls(_messages).Routes,
    ];

    private static string CredentialOf(Device device) => device.Identity.Credentials.Type == AuthenticationType.Sas ? $"SharedAccessKey={device.Identity.Keys.Primary}" : "x509=true";

    private UploadTarget? TargetOfUploads(LocalHubOptions options)
    {
        if (!options.FileUpload)
        {
            return null;
        }

        return options.BlobStorage is { } outside
            ? UploadTarget.Outside(outside)
            : UploadTarget.BuiltIn(
                HostName, HttpsPort, new BlobAccount(BlobAccount.BuiltInName, StorageKey), new BlobStore(_folder, options.TimeProvider, new BlobLimits()));
    }

    private void WriteHubFile() => State.HubFile.Write(_folder, this);

    private void MapHttps(WebApplication server)
    {
        server.Use(new RequestFaults(_faults, _options.TimeProvider).PassAsync);
        _services.Map(server);
        _page.Map(server);
        new WebSocketEndpoint(_gateway, _amqp, _options.TimeProvider).Map(server);
        new RegistrationEndpoint(_provisioning.Desk, _options.TimeProvider).Map(server);
    }
}
