using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;
using Node.HubClient.Provisioning;
using Node.HubClient.Transport;

namespace Node.HubClient;

/// <summary>
/// Asks the Device Provisioning Service which hub a device belongs to. Caller-driven like <see cref="IotHubClientLL"/>: no thread, no timer, no
/// callback outside <see cref="DoWork"/> and <see cref="Dispose"/>. All members on one thread; a callback may call any of them but
/// <see cref="DoWork"/>.
/// </summary>
public sealed class DpsClient : IDisposable
{
    private readonly RegistrationSession _session;
    private readonly IMqttTransport _transport;
    private readonly DpsConfig _config;
    private readonly string? _deviceKey;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private DpsResultCallback? _callback;
    private object? _context;
    private bool _entered;
    private bool _stopRequested;
    private bool _disposed;

    private DpsClient(DpsConfig config, string? deviceKey, Credential credential, IMqttTransport transport, HubClientOptions options)
    {
        _config = config;
        _deviceKey = deviceKey;
        _transport = transport;
        _clock = options.TimeProvider;
        _logger = options.Logger ?? NullLogger.Instance;
        var settings = new RegistrationSettings
        {
            HostName = config.HostName,
            IdScope = config.IdScope,
            RegistrationId = config.RegistrationId,
            UserName = DpsTopic.UserName(config.IdScope, config.RegistrationId, ProductName.For(options.ProductInfo)),
            Request = DpsAnswer.Request(config.RegistrationId, config.PayloadJson),
            KeepAliveSeconds = options.KeepAliveSeconds,
            Timeout = options.ConnectTimeout,
        };
        var random = new Random(options.JitterSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue));
        _session = new RegistrationSession(settings, transport, credential, options.TimeProvider, random, _logger, Finish);
    }

    /// <summary>Checks, builds, does no I/O.</summary>
    /// <param name="config">Who registers, with exactly one credential.</param>
    /// <param name="options">How to connect; null for the defaults. Queue limits, window and model id have no meaning here.</param>
    /// <exception cref="FormatException">Host name, id scope, registration id, key or payload are malformed; the text names the part, never a secret.</exception>
    /// <exception cref="ArgumentException">No credential, or more than one; or a certificate without its private key.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static DpsClient Create(DpsConfig config, HubClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        options ??= new HubClientOptions();
        OptionRanges.Check(options);
        bool isWebSocket = options.Protocol is HubProtocol.MqttWebSocket;
        var endpoint = new LinkEndpoint(config.HostName, isWebSocket ? options.HttpsPort : options.Port);
        var route = new LinkRoute { Roots = TrustedRoots.Parse(options.TrustedRootsPem), Proxy = options.Proxy, IsWebSocket = isWebSocket };
        return Create(config, options, new PolledMqttTransport(endpoint, route, options.TimeProvider, options.Logger));
    }

    /// <summary>As <see cref="Create(DpsConfig, HubClientOptions?)"/>, on a given transport.</summary>
    internal static DpsClient Create(DpsConfig config, HubClientOptions options, IMqttTransport transport)
    {
        DpsConfigCheck.Check(config);
        string? key = config.SymmetricKey ?? (config.GroupKey is { } group ? DeriveDeviceKey(group, config.RegistrationId) : null);
        return new DpsClient(config, key, CredentialOf(config, key, options), transport, options);
    }

    /// <summary>
    /// The key of one device of an enrolment group: base64 of HMAC-SHA256 over the registration id under the group's key. For who provisions
    /// devices and does not want the group's key on them.
    /// </summary>
    /// <param name="groupKey">The group's key, base64.</param>
    /// <param name="registrationId">The registration id, exactly as it will be registered.</param>
    /// <exception cref="FormatException">The key is not base64.</exception>
    public static string DeriveDeviceKey(string groupKey, string registrationId)
    {
        ArgumentNullException.ThrowIfNull(groupKey);
        ArgumentNullException.ThrowIfNull(registrationId);
        return Convert.ToBase64String(HMACSHA256.HashData(DpsConfigCheck.DecodeKey(groupKey, nameof(DpsConfig.GroupKey)), Encoding.UTF8.GetBytes(registrationId)));
    }

    /// <summary>Begins a registration; <see cref="DoWork"/> moves it. After its end another may begin.</summary>
    /// <param name="callback">Told the end.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns><see cref="IotHubClientResult.Error"/> while one is under way, or after dispose.</returns>
    public IotHubClientResult Register(DpsResultCallback callback, object? context = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (_session.IsBusy || _disposed || _stopRequested)
        {
            return IotHubClientResult.Error;
        }

        _callback = callback;
        _context = context;
        _session.Begin();
        return IotHubClientResult.Ok;
    }

    /// <summary>Registers for connection events; null unregisters.</summary>
    /// <param name="callback">Told of each event.</param>
    /// <param name="context">Passed to the callback.</param>
    public IotHubClientResult SetConnectionStatusCallback(ConnectionStatusCallback? callback, object? context = null)
    {
        _session.RegisterStatus(callback, context);
        return IotHubClientResult.Ok;
    }

    /// <summary>Sets how waits between attempts to connect grow, as with <see cref="IotHubClientLL.SetRetryPolicy"/>.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="retryTimeoutLimit">Time after the first failure in a row at which a registration ends as <see cref="DpsStatus.RetryExpired"/>; zero for never.</param>
    /// <exception cref="ArgumentOutOfRangeException">An undefined policy or a negative limit.</exception>
    public IotHubClientResult SetRetryPolicy(RetryPolicy policy, TimeSpan retryTimeoutLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retryTimeoutLimit, TimeSpan.Zero);
        if (!Enum.IsDefined(policy))
        {
            throw new ArgumentOutOfRangeException(nameof(policy), policy, "No such retry policy.");
        }

        _session.Retries.Set(policy, retryTimeoutLimit);
        return IotHubClientResult.Ok;
    }

    /// <summary>One turn: never blocks, runs every callback that is due.</summary>
    /// <returns>What is left and when the next turn pays; idle without a registration under way.</returns>
    /// <exception cref="InvalidOperationException">Called from a callback.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public WorkStatus DoWork()
    {
        if (_entered)
        {
            throw new InvalidOperationException("DoWork is single-entry: a turn of this client is already running. Never call it from a callback.");
        }

        ObjectDisposedException.ThrowIf(_disposed, this);
        _entered = true;
        try
        {
            return _session.Turn(_clock.GetTimestamp());
        }
        finally
        {
            _entered = false;
            if (_stopRequested)
            {
                Dispose();
            }
        }
    }

    /// <summary>Closes the connection; a registration under way ends as <see cref="DpsStatus.BecauseDestroy"/>. From a callback it takes effect when that returns.</summary>
    public void Dispose()
    {
        _stopRequested = true;
        if (!_entered && !_disposed)
        {
            _disposed = true;
            _session.Stop();
            _transport.Dispose();
        }
    }

    /// <summary>Names the registration; holds no secret.</summary>
    public override string ToString() => $"{nameof(DpsClient)}, {_config}";

    private static Credential CredentialOf(DpsConfig config, string? key, HubClientOptions options)
    {
        if (config.Certificate is { } certificate)
        {
            return new CertificateCredential(new ShownCertificate(certificate, config.CertificateChain));
        }

        byte[]? bytes = key is null ? null : DpsConfigCheck.DecodeKey(key, nameof(DpsConfig.SymmetricKey));
        Func<byte[], byte[]> sign = bytes is null ? config.Authentication!.SignHmacSha256 : data => HMACSHA256.HashData(bytes, data);
        return new KeyCredential(DpsTopic.Scope(config.IdScope, config.RegistrationId), options.SasTokenLifetime, sign, keyName: "registration");
    }

    private void Finish(DpsResult result)
    {
        (DpsResultCallback? callback, object? context) = (_callback, _context);
        (_callback, _context) = (null, null);
        try
        {
            callback?.Invoke(result with { DeviceKey = _deviceKey, Certificate = _config.Certificate, CertificateChain = _config.CertificateChain }, context);
        }
        catch (Exception thrown)
        {
            _logger.CallbackThrew("registration", thrown);
        }
    }
}
