using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HubEmulator;

/// <summary>What a local hub is called, where it listens and what it remembers.</summary>
public sealed record LocalHubOptions
{
    /// <summary>The name in connection strings, user names, tokens and the certificate. It must contain a dot, because one SDK splits it there; an IPv4 address does. Default <c>hub.localhost</c>.</summary>
    public string HostName { get; init; } = "hub.localhost";

    /// <summary>The folder of the certificate authority, <c>hub.json</c> and the remembered devices. Null takes a temporary folder that is deleted at dispose.</summary>
    public string? DataFolder { get; init; }

    /// <summary>TCP port of MQTT over TLS, 0 to 65535. 0, the default, takes any free port.</summary>
    public int MqttPort { get; init; }

    /// <summary>TCP port of HTTPS, 0 to 65535. 0, the default, takes any free port.</summary>
    public int HttpsPort { get; init; }

    /// <summary>TCP port, on the loopback addresses only, of the local page over plain HTTP, for browsers that refuse the hub's certificate; 0 takes any free port.
    /// Null, the default, opens none: the page is on the HTTPS port alone.</summary>
    public int? PagePort { get; init; }

    /// <summary>TCP port of AMQP over TLS, 0 to 65535. 0, the default, takes any free port.</summary>
    public int AmqpPort { get; init; }

    /// <summary>The address to listen on. The default, IPv4 loopback, brings IPv6 loopback with it where the machine has one.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Devices that exist after the start, besides those that the data folder remembers.</summary>
    public IReadOnlyList<LocalDevice> Devices { get; init; } = [];

    /// <summary>
    /// Authorities whose certificates open devices of authentication type <c>certificateAuthority</c>, at most 20, intermediate ones among them;
    /// the hub's own is always one. The caller keeps and disposes them, after the hub.
    /// </summary>
    public IReadOnlyList<X509Certificate2> DeviceAuthorities { get; init; } = [];

    /// <summary>False plays a hub without a storage account: it refuses file uploads. Default true.</summary>
    public bool FileUpload { get; init; } = true;

    /// <summary>A store outside the hub to which devices upload. Null, the default, takes the built-in one on the HTTPS port.</summary>
    public BlobStorage? BlobStorage { get; init; }

    /// <summary>How long a device may take for an upload, 1 minute to 24 hours. Default 1 hour.</summary>
    public TimeSpan UploadTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>True delivers cloud-to-device messages that were sent before the device's first subscription; the service, and the default, rejects them.</summary>
    public bool DeliverOlderMessages { get; init; }

    /// <summary>How long the hub gathers feedback before services get it, 0 to 15 seconds. The service, and the default, takes 15 seconds.</summary>
    public TimeSpan FeedbackPeriod { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Partitions of the endpoint that is compatible with Event Hubs, 1 to 32. Default 4.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Consumer groups of that endpoint besides <c>$Default</c>, at most 20.</summary>
    public IReadOnlyList<string> ConsumerGroups { get; init; } = [];

    /// <summary>The clock of token expiry, keep-alive, time-outs and stamps. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>When clients that are slow over TLS or HTTPS are put out.</summary>
    public SlowClientLimits SlowClients { get; init; } = new();

    /// <summary>Where the hub's log goes. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The id scope of the provisioning service: 1 to 32 letters and digits. Default <c>0ne00000000</c>.</summary>
    public string IdScope { get; init; } = "0ne00000000";

    /// <summary>Groups whose devices may register, by name, each with its key: base64 of 16 to 64 bytes, from which the devices' keys derive.</summary>
    public IReadOnlyDictionary<string, string> EnrolmentGroups { get; init; } = new Dictionary<string, string>();

    /// <summary>Groups whose devices may register with certificates, by name, each with the certificate of an authority, root or intermediate, in PEM. No name may be in both kinds of groups.</summary>
    public IReadOnlyDictionary<string, string> CertificateGroups { get; init; } = new Dictionary<string, string>();

    /// <summary>Single devices that may register, besides those that the data folder remembers.</summary>
    public IReadOnlyList<LocalEnrolment> Enrolments { get; init; } = [];
}
