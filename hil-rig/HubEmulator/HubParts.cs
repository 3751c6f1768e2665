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

/// <summary>What a hub is made of, put together from its options and from what its folder remembers: the hub's composition root. It listens to nothing yet.</summary>
internal sealed class HubParts : IAsyncDisposable
{
    private readonly LocalHubOptions _options;
    private readonly MethodCalls _methods;
    private readonly HubHosts _hosts;
    private readonly SasVerifier _verifier;
    private readonly DeviceVerifier _deviceVerifier;
    private readonly ServiceApi _services;

    /// <param name="hub">The face of all this, whose logs are filled.</param>
    /// <param name="options">Its options.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="front">Its ports.</param>
    /// <exception cref="LocalHubException">What the folder remembers cannot be read.</exception>
    public HubParts(LocalHub hub, LocalHubOptions options, DataFolder folder, HubFront front)
    {
        TimeProvider clock = options.TimeProvider;
        _options = options;
        ILogger log = options.LoggerFactory.CreateLogger<LocalHub>();
        State = new StateFile(folder, clock, log);
        Registry = new DeviceRegistry(clock);
        HubRecord? remembered = StateReader.Load(folder);
        Policies = HubMemory.Policies(remembered);
        HubMemory.Fill(Registry, remembered, options.Devices);
        State.StorageKey = remembered?.StorageKey ?? BlobAccount.GenerateKey();
        using (DevelopmentCa authority = DevelopmentCa.Open(folder, clock.GetUtcNow()))
        {
            Authority = authority.Certificate;
            Certificate = authority.IssueServerCertificate(options.HostName, options.Address, clock.GetUtcNow());
        }

        Faults = new FaultDesk(clock, log) { Events = hub.ConnectionEvents };
        Provisioning = new ProvisioningService(options, Registry, Faults);
        Provisioning.Fill(remembered?.Provisioning, options);
        _hosts = new HubHosts(options.HostName);
        _verifier = new SasVerifier(_hosts, Policies, clock);
        _deviceVerifier = new DeviceVerifier(_verifier, new CertificateVerifier([Authority, .. options.DeviceAuthorities], clock));
        _methods = new MethodCalls(clock);
        var stream = new EventStream(options.Partitions, clock.GetUtcNow());
        var intake = new TelemetryIntake(hub.Telemetry, stream, clock);
        Messages = new C2dDesk(Registry, State, hub.Feedback, options.DeliverOlderMessages, clock);
        Gateway = new DeviceGateway(Registry, new ConnectGate(_hosts, Registry, _deviceVerifier), intake, _methods, Messages, State, Provisioning.Desk, Faults, clock, log)
        {
            ConnectionEvents = hub.ConnectionEvents,
        };
        AmqpHost = new AmqpHost(options.HostName, IPAddress.IsLoopback(options.Address) ? "localhost" : options.HostName, front.AmqpPort);
        var notices = new NoticeBoard(hub.Feedback, hub.Uploads, options.FeedbackPeriod, clock);
        Amqp = new AmqpGateway(options.HostName, _verifier, Nodes(stream, notices, log), clock, log);
        Faults.Bind(new FaultDeeds(Registry, Gateway, Amqp, front.BeginOutage, clock));
        var twins = new TwinWriter(State, Faults, clock);
        Jobs = new JobDesk(Registry, new DeviceDeeds(Registry, _methods, twins, clock), clock, log);
        Jobs.Restore(remembered?.Jobs ?? []);
        Configurations = new ConfigurationDesk(Registry, twins, log);
        Configurations.Restore(remembered?.Configurations ?? []);
        UploadTarget? uploads = TargetOfUploads(folder, front.HttpsPort);
        var changes = new IdentityChanges(Registry, twins);
        Transfers = new TransferDesk(Registry, changes, uploads?.Store is { } own ? new ContainerAccess(_hosts, own, uploads.Account, clock) : null, clock, log);
        _services = Services(hub, front, uploads, Routes(notices, intake, twins, changes), twins, log);
        Page = new PageEndpoint(
            new PageGate(_hosts, Policies[AccessPolicy.Owner]), new PageReads(hub, Registry, Faults), new PageWrites(hub, Registry, _methods, Messages, Faults, twins), State, log);
    }

    public StateFile State { get; }

    public DeviceRegistry Registry { get; }

    public IReadOnlyDictionary<string, AccessPolicy> Policies { get; }

    /// <summary>The certificate of the listeners.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The development authority, which has signed it.</summary>
    public X509Certificate2 Authority { get; }

    public FaultDesk Faults { get; }

    public StorageFaults StorageFaults { get; } = new();

    public ProvisioningService Provisioning { get; }

    public C2dDesk Messages { get; }

    public DeviceGateway Gateway { get; }

    public AmqpHost AmqpHost { get; }

    public AmqpGateway Amqp { get; }

    public JobDesk Jobs { get; }

    public ConfigurationDesk Configurations { get; }

    public TransferDesk Transfers { get; }

    public PageEndpoint Page { get; }

    /// <summary>Begins what goes on by itself: the state is written, and configurations are applied.</summary>
    /// <param name="writeHubFile">Writes the file that tells other programs of the hub.</param>
    /// <exception cref="LocalHubException">The folder cannot be written.</exception>
    public void Start(Action writeHubFile)
    {
        State.Start(Registry, Policies, Provisioning, Jobs, Configurations, writeHubFile);
        Configurations.Start();
    }

    /// <summary>Everything on the HTTPS port, faults first.</summary>
    public void MapHttps(WebApplication server)
    {
        server.Use(new RequestFaults(Faults, _options.TimeProvider).PassAsync);
        _services.Map(server);
        Page.Map(server);
        new WebSocketEndpoint(Gateway, Amqp, _options.TimeProvider).Map(server);
        new RegistrationEndpoint(Provisioning.Desk, _options.TimeProvider).Map(server);
    }

    /// <summary>Ends all of it; nothing listens any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await Jobs.DisposeAsync();
        await Configurations.DisposeAsync();
        await Transfers.DisposeAsync();
        Gateway.Dispose();
        Amqp.Dispose();
        await State.DisposeAsync();
        Certificate.Dispose();
        Authority.Dispose();
    }

    private AmqpNodes Nodes(EventStream stream, NoticeBoard notices, ILogger log)
    {
        var groups = new HashSet<string>(_options.ConsumerGroups.Append(EventNode.DefaultGroup), StringComparer.OrdinalIgnoreCase);
        return new AmqpNodes(
            new TokenNode(_verifier, log), new ManagementNode(stream, AmqpHost, _verifier), new DeviceboundNode(Registry, Messages, _options.TimeProvider), new EventNode(stream, groups),
            notices, AmqpHost);
    }

    private ServiceApi Services(LocalHub hub, HubFront front, UploadTarget? uploads, IEnumerable<ServiceRoute> routes, TwinWriter twins, ILogger log)
    {
        TimeProvider clock = _options.TimeProvider;
        BlobEndpoint? blobs = uploads?.Store is { } store ? new BlobEndpoint(_hosts, store, uploads.Account, StorageFaults, clock, log) : null;
        var uploadCalls = new UploadCalls(Registry, new UploadDesk(hub.Uploads, _options.UploadTokenLifetime, clock), uploads);
        return new ServiceApi(
            _hosts, _verifier, _deviceVerifier, clock, new RegistryCalls(Registry), new TwinCalls(Registry, twins), new MethodEndpoint(Registry, _methods),
            new RigCalls(hub.Telemetry, hub.ConnectionEvents, front.BeginOutage), new ModuleCalls(Registry), Registry, uploadCalls, new C2dCalls(Registry, Messages), blobs, Faults, routes, log)
        {
            SavedAsync = State.SavedAsync,
        };
    }

    private IEnumerable<ServiceRoute> Routes(NoticeBoard notices, TelemetryIntake intake, TwinWriter twins, IdentityChanges changes) =>
    [
        .. new QueryCalls(Registry, Jobs).Routes,
        .. new JobCalls(Jobs, _options.TimeProvider).Routes,
        .. new ConfigurationCalls(Configurations, Registry, _options.TimeProvider).Routes,
        .. new ContentCalls(Registry, new DeviceContent(Registry, twins)).Routes,
        .. new BulkCalls(changes).Routes,
        .. new TransferCalls(Transfers, _options.TimeProvider).Routes,
        .. new EnrolmentCalls(Provisioning.Book, Provisioning.Desk).Routes,
        .. new RegistrationStateCalls(Provisioning.Book, Provisioning.Desk).Routes,
        .. new DigitalTwinCalls(Registry, twins, _methods).Routes,
        .. new FeedbackCalls(notices.Feedback).Routes,
        .. new EventCalls(intake).Routes,
        .. new DeviceboundCalls(Messages).Routes,
    ];

    private UploadTarget? TargetOfUploads(DataFolder folder, int httpsPort)
    {
        if (!_options.FileUpload)
        {
            return null;
        }

        return _options.BlobStorage is { } outside
            ? UploadTarget.Outside(outside)
            : UploadTarget.BuiltIn(
                _options.HostName, httpsPort, new BlobAccount(BlobAccount.BuiltInName, State.StorageKey!), new BlobStore(folder, _options.TimeProvider, new BlobLimits()));
    }
}
