using System.Security.Cryptography;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;
using Node.HubClient.Transport;

namespace Node.HubClient;

/// <summary>
/// Options by their names in the reference. Values come as the C types' natural equals: integers as <see cref="int"/> or
/// <see cref="long"/>, flags as <see cref="bool"/>, texts as <see cref="string"/>. New values count from the next connection on; where the
/// present one would contradict them, it is closed when nothing is in flight and opened again.
/// </summary>
internal sealed class NamedOptions(HubSession session, PolledMqttTransport? transport, TelemetryTopic topic, HubIdentity identity, HubClientOptions options)
{
    private const long ShortestTokenLifetimeSeconds = 5;
    private string? _certificatePem;
    private string? _privateKeyPem;
    private string? _tlsCertificatePem;
    private string? _tlsKeyPem;
    private bool _modelIsSet = options.ModelId is not null;
    private string? _modelId = options.ModelId;
    private string? _product = options.ProductInfo;

    /// <summary>Bound of each request of uploads that begin from now on (option <c>blob_upload_timeout_secs</c>).</summary>
    public TimeSpan UploadTimeout { get; private set; } = options.UploadTimeout;

    /// <summary>Lifetime of tokens signed from now on, with this credential or a later one.</summary>
    public TimeSpan TokenLifetime { get; private set; } = options.SasTokenLifetime;

    /// <summary>Sets one option.</summary>
    /// <returns>
    /// <see cref="IotHubClientResult.InvalidArg"/> for an unknown name, a value of another type, or an option of another transport;
    /// <see cref="IotHubClientResult.Error"/> for a value out of range or one that comes too late.
    /// </returns>
    public IotHubClientResult Set(string name, object value) => SetPlain(name, Plain(value));

    private IotHubClientResult SetPlain(string name, object value) => (name, value) switch
    {
        ("messageTimeout", int or long) => Range(Number(value), 0, long.MaxValue / TimeSpan.TicksPerMillisecond,
            milliseconds => session.Features.Telemetry.WaitingTimeout = TimeSpan.FromMilliseconds(milliseconds)),
        ("product_info", string text) => Identify(() => _product = text),
        ("model_id", string text) => _modelIsSet ? IotHubClientResult.Error : Identify(() => (_modelId, _modelIsSet) = (text, true)),
        ("sas_token_lifetime" or "sas_token_refresh_time", int or long) => Range(Number(value), ShortestTokenLifetimeSeconds, OptionRanges.TokenLifetimeMaximum,
            seconds => session.Credential.TokenLifetime = TokenLifetime = TimeSpan.FromSeconds(seconds)),
        ("keepalive", int or long) => KeepAlive(Number(value)),
        ("connect_timeout", int or long) => Range(Number(value), 1, ushort.MaxValue,
            seconds => session.Settings = session.Settings with { ConnectTimeout = TimeSpan.FromSeconds(seconds) }),
        ("retry_interval_sec", int or long) => Range(Number(value), 1, int.MaxValue, seconds => session.Retries.Interval = TimeSpan.FromSeconds(seconds)),
        ("retry_max_delay_secs", int or long) => Range(Number(value), 0, int.MaxValue, seconds => session.Retries.MaximumDelay = TimeSpan.FromSeconds(seconds)),
        ("auto_url_encode_decode", bool encode) => Do(() => topic.IsEncoding = encode),
        ("diag_sampling_percentage", int or long) => Range(Number(value), 0, 100,
            percentage => topic.Sampling = new DiagnosticSampling((int)percentage, new Random(options.JitterSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue)))),
        ("logtrace", bool trace) => WithTransport(link => link.IsTracing = trace),
        ("TrustedCerts", string pem) => Pem(() => WithTransport(link => link.Route = link.Route with { Roots = TrustedRoots.Parse(pem) })),
        ("x509certificate", string pem) => Certificate(ref _certificatePem, pem),
        ("x509privatekey", string pem) => Certificate(ref _privateKeyPem, pem),
        ("tcp_keepalive", int or long or bool) => WithTransport(link => link.Route = link.Route with { Socket = link.Route.Socket with { KeepAlive = value is bool on ? on : Number(value) != 0 } }),
        ("tcp_keepalive_time", int or long) => Range(Number(value), 1, ushort.MaxValue,
            seconds => WithTransport(link => link.Route = link.Route with { Socket = link.Route.Socket with { KeepAliveSeconds = (int)seconds } })),
        ("tcp_keepalive_interval", int or long) => Range(Number(value), 1, ushort.MaxValue,
            seconds => WithTransport(link => link.Route = link.Route with { Socket = link.Route.Socket with { KeepAliveIntervalSeconds = (int)seconds } })),
        ("proxy_data", HttpProxy proxy) => Proxy(proxy),
        ("net_interface_mac_address", string address) => WithTransport(link => link.Route = link.Route with { Socket = link.Route.Socket with { HardwareAddress = address } }),
        ("network_interface_upload_to_blob", string outgoing) => Do(() => UploadInterface = outgoing),
        ("blob_upload_timeout_secs", int or long) => Range(Number(value), 0, OptionRanges.UploadTimeoutMaximum,
            seconds => UploadTimeout = seconds == 0 ? new HubClientOptions().UploadTimeout : TimeSpan.FromSeconds(seconds)),
        ("x509EccCertificate", string pem) => TlsCertificate(ref _tlsCertificatePem, pem),
        ("x509EccAliasKey", string pem) => TlsCertificate(ref _tlsKeyPem, pem),
        ("tls_version", int or long) => Number(value) is 12 or 13 ? IotHubClientResult.Ok : IotHubClientResult.Error, // The hub takes nothing older.
        ("ADDRESS_TYPE", string type) => type == "IP_SOCKET" ? IotHubClientResult.Ok : IotHubClientResult.Error,
        ("rawlogtrace", bool) => IotHubClientResult.Ok, // Bytes are never logged: they hold tokens. In the reference, too, it is effective in special builds only.
        ("CURLOPT_VERBOSE" or "tls_renegotiation" or "blob_upload_tls_renegotiation", bool) => IotHubClientResult.Ok, // Of other HTTP and TLS stacks.
        _ => IotHubClientResult.InvalidArg,
    };

    /// <summary>Name of the network interface that uploads leave by (option <c>network_interface_upload_to_blob</c>); null for the system's choice.</summary>
    public string? UploadInterface { get; private set; }

    /// <summary>The C types' integers in one: callers that copy an option's C type hand over unsigned and short ones too.</summary>
    private static object Plain(object value) => value switch
    {
        uint number => (long)number,
        ulong number and <= long.MaxValue => (long)number,
        ushort number => (int)number,
        short number => (int)number,
        byte number => (int)number,
        _ => value,
    };

    private static long Number(object value) => value is int small ? small : value is long large ? large : 0;

    private static IotHubClientResult Do(Action set)
    {
        set();
        return IotHubClientResult.Ok;
    }

    private static IotHubClientResult Range(long value, long least, long most, Action<long> set)
    {
        if (value < least || value > most)
        {
            return IotHubClientResult.Error;
        }

        set(value);
        return IotHubClientResult.Ok;
    }

    private static IotHubClientResult Pem(Func<IotHubClientResult> parse)
    {
        try
        {
            return parse();
        }
        catch (CryptographicException)
        {
            return IotHubClientResult.Error; // Not PEM, or not of the right kind; what was in force stays.
        }
    }

    /// <summary>Certificate and key come one after the other; while the old half of a renewed pair does not fit the new one, nothing changes.</summary>
    private static IotHubClientResult Pair(string? certificatePem, string? keyPem, Action<ShownCertificate> use) =>
        certificatePem is null || keyPem is null ? IotHubClientResult.Ok : Pem(() =>
        {
            try
            {
                use(ShownCertificate.FromPem(certificatePem, keyPem));
            }
            catch (ArgumentException)
            {
                return IotHubClientResult.Ok; // The two do not belong together: the other half is still to come.
            }

            return IotHubClientResult.Ok;
        });

    private IotHubClientResult WithTransport(Action<PolledMqttTransport> set)
    {
        if (transport is null)
        {
            return IotHubClientResult.InvalidArg;
        }

        set(transport);
        return IotHubClientResult.Ok;
    }

    private IotHubClientResult Identify(Action set)
    {
        if (session.HasTried)
        {
            return IotHubClientResult.Error; // The user name was settled at the first attempt.
        }

        set();
        session.Settings = session.Settings with { UserName = identity.UserNameFor(ProductName.For(_product), _modelId) };
        return IotHubClientResult.Ok;
    }

    private IotHubClientResult KeepAlive(long seconds)
    {
        if (seconds is < 0 or > OptionRanges.UsefulKeepAliveMaximum)
        {
            return IotHubClientResult.Error;
        }

        if (seconds != session.Settings.KeepAliveSeconds)
        {
            session.Settings = session.Settings with { KeepAliveSeconds = (int)seconds };
            session.Reconnect();
        }

        return IotHubClientResult.Ok;
    }

    private IotHubClientResult Proxy(HttpProxy proxy)
    {
        try
        {
            OptionRanges.Check(proxy);
        }
        catch (ArgumentException)
        {
            return IotHubClientResult.InvalidArg;
        }

        return WithTransport(link => link.Route = link.Route with { Proxy = proxy });
    }

    private IotHubClientResult TlsCertificate(ref string? part, string pem)
    {
        part = pem;
        return Pair(_tlsCertificatePem, _tlsKeyPem, certificate => WithTransport(link => link.Route = link.Route with { Certificate = certificate }));
    }

    private IotHubClientResult Certificate(ref string? part, string pem)
    {
        if (!session.Credential.IsCertificate)
        {
            return IotHubClientResult.InvalidArg; // A key or a token is this client's credential.
        }

        part = pem;
        return Pair(_certificatePem, _privateKeyPem, certificate => session.SetCredential(new CertificateCredential(certificate)));
    }
}
