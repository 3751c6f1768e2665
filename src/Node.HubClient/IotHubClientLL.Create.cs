using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;
using Node.HubClient.Transport;

namespace Node.HubClient;

/// <content>The ways to a client.</content>
public sealed partial class IotHubClientLL
{
    /// <summary>Parses, builds, does no I/O: the first <see cref="DoWork"/> connects.</summary>
    /// <param name="connectionString">
    /// <c>HostName=…;DeviceId=…;</c> and one of <c>SharedAccessKey=…</c>, <c>SharedAccessSignature=…</c> and <c>x509=true</c>; perhaps
    /// <c>ModuleId=…</c> and <c>GatewayHostName=…</c>, which may carry a port. With <c>x509=true</c> the certificate comes by <see cref="SetCredential"/>.
    /// </param>
    /// <param name="options">How to connect; null for the defaults.</param>
    /// <exception cref="FormatException">The connection string is malformed or its parts contradict each other; the text names the part, never a secret.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="CryptographicException"><see cref="HubClientOptions.TrustedRootsPem"/> holds no certificate.</exception>
    public static IotHubClientLL CreateFromConnectionString(string connectionString, HubClientOptions? options = null)
    {
        DeviceConnectionString parsed = DeviceConnectionString.Parse(connectionString);
        options ??= new HubClientOptions();
        Credential credential = parsed.Key is { } key ? WithKey(parsed.Identity, key, options)
            : parsed.Token is { } token ? new TokenCredential(token)
            : new CertificateCredential(null);
        return Assemble(parsed.Identity, parsed.GatewayHostName, credential, options, gate: null);
    }

    /// <summary>As <see cref="CreateFromConnectionString"/>, from the parts of an identity.</summary>
    /// <param name="config">The identity with exactly one credential.</param>
    /// <param name="options">How to connect; null for the defaults.</param>
    /// <exception cref="FormatException">A part is malformed; the text names it, never a secret.</exception>
    /// <exception cref="ArgumentException">No credential, or more than one; or a certificate without its private key.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static IotHubClientLL Create(DeviceConfig config, HubClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        return FromConfig(config, options ?? new HubClientOptions(), gate: null);
    }

    /// <summary>As <see cref="Create"/>, for one of several devices that one <see cref="IotHubTransportLL.DoWork"/> moves.</summary>
    /// <param name="transport">The shared transport. It stays the caller's: disposing the client only takes it out.</param>
    /// <param name="config">The identity with exactly one credential, at the transport's hub.</param>
    /// <exception cref="FormatException">A part is malformed; the text names it, never a secret.</exception>
    /// <exception cref="ArgumentException">Another hub than the transport's; no credential, or more than one; or a certificate without its private key.</exception>
    /// <exception cref="InvalidOperationException">The transport is disposed or has 1,000 devices.</exception>
    public static IotHubClientLL CreateWithTransport(IotHubTransportLL transport, DeviceConfig config)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(config);
        if (config.HostName != transport.HostName)
        {
            throw new ArgumentException($"The transport belongs to {transport.HostName}; a device of another hub needs another transport.", nameof(config));
        }

        IotHubClientLL client = FromConfig(config, transport.Options, transport.Gate);
        client._shared = transport;
        if (!transport.TryAttach(client))
        {
            client.Dispose();
            throw new InvalidOperationException($"The transport is disposed or has {IotHubTransportLL.MaximumDevices} devices.");
        }

        return client;
    }

    /// <summary>As <see cref="Create"/>, with a key that stays in a security module.</summary>
    /// <param name="hostName">The hub's full name.</param>
    /// <param name="deviceId">1 to 128 characters.</param>
    /// <param name="authentication">Signs for the device.</param>
    /// <param name="options">How to connect; null for the defaults.</param>
    /// <exception cref="FormatException">Host name or device id are malformed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static IotHubClientLL CreateFromDeviceAuth(string hostName, string deviceId, IDeviceAuthentication authentication, HubClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(authentication);
        options ??= new HubClientOptions();
        DeviceConnectionString.CheckHostName(hostName);
        DeviceConnectionString.CheckDeviceId(deviceId);
        var identity = new HubIdentity(hostName, deviceId);
        var credential = new KeyCredential(identity.TokenScope, options.SasTokenLifetime, authentication.SignHmacSha256);
        return Assemble(identity, gateway: null, credential, options, gate: null);
    }

    private static IotHubClientLL FromConfig(DeviceConfig config, HubClientOptions options, ConnectGate? gate)
    {
        DeviceConnectionString.CheckHostName(config.HostName);
        DeviceConnectionString.CheckDeviceId(config.DeviceId);
        if (config.ModuleId is { } module)
        {
            DeviceConnectionString.CheckModuleId(module);
        }

        var identity = new HubIdentity(config.HostName, config.DeviceId, config.ModuleId);
        return Assemble(identity, config.GatewayHostName, CredentialOf(identity, config, options), options, gate);
    }

    private static KeyCredential WithKey(HubIdentity identity, byte[] key, HubClientOptions options) =>
        new(identity.TokenScope, options.SasTokenLifetime, data => HMACSHA256.HashData(key, data));

    private static Credential CredentialOf(HubIdentity identity, DeviceConfig config, HubClientOptions options)
    {
        int given = (config.SharedAccessKey is null ? 0 : 1) + (config.SharedAccessSignature is null ? 0 : 1) + (config.Certificate is null ? 0 : 1);
        if (given != 1 || config.Certificate is { HasPrivateKey: false })
        {
            throw new ArgumentException("Exactly one of SharedAccessKey, SharedAccessSignature and Certificate (with its private key) must be given.", nameof(config));
        }

        if (config.SharedAccessSignature is { } token)
        {
            DeviceConnectionString.CheckToken(token);
            return new TokenCredential(token);
        }

        return config.SharedAccessKey is { } key ? WithKey(identity, DeviceConnectionString.DecodeKey(key), options)
            : new CertificateCredential(new ShownCertificate(config.Certificate!, config.CertificateChain));
    }

    private static IotHubClientLL Assemble(HubIdentity identity, string? gateway, Credential credential, HubClientOptions options, ConnectGate? gate)
    {
        OptionRanges.Check(options);
        bool isWebSocket = options.Protocol is HubProtocol.MqttWebSocket;
        LinkEndpoint endpoint = LinkEndpoint.Parse(gateway ?? identity.HostName, isWebSocket ? options.HttpsPort : options.Port);
        var route = new LinkRoute { Roots = TrustedRoots.Parse(options.TrustedRootsPem), Proxy = options.Proxy, IsWebSocket = isWebSocket };
        var transport = new PolledMqttTransport(endpoint, route, options.TimeProvider, options.Logger);
        var settings = new SessionSettings
        {
            HostName = identity.HostName,
            DeviceId = identity.DeviceId,
            ModuleId = identity.ModuleId,
            UserName = identity.UserNameFor(ProductName.For(options.ProductInfo), options.ModelId),
            KeepAliveSeconds = options.KeepAliveSeconds,
            ConnectTimeout = options.ConnectTimeout,
            InFlightWindow = options.InFlightWindow,
            ConfirmationTimeout = options.ConfirmationTimeout,
            MaxQueuedMessages = options.MaxQueuedMessages,
            MaxQueuedBytes = options.MaxQueuedBytes,
        };
        var random = new Random(options.JitterSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue));
        var session = new HubSession(settings, transport, credential, options.TimeProvider, random, options.Logger ?? NullLogger.Instance, gate);
        return new IotHubClientLL(session, transport, identity, options);
    }
}
