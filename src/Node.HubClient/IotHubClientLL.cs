using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Node.HubClient.Connection;
using Node.HubClient.Features;
using Node.HubClient.Protocol;
using Node.HubClient.Transport;
using Node.HubClient.Upload;

namespace Node.HubClient;

/// <summary>
/// The caller-driven ("lower layer") IoT Hub device client: it moves only inside <see cref="DoWork"/>, has no thread, no timer and
/// no callback outside <see cref="DoWork"/> and <see cref="Dispose"/>. Sending is thread-safe; <see cref="DoWork"/> is single-entry,
/// and registrations belong on its thread (a callback is on it).
/// </summary>
public sealed partial class IotHubClientLL : IDisposable
{
    private const int TelemetryMaximumBytes = 262_144;
    private const int ReportedMaximumBytes = 262_144;
    private static readonly TimeSpan ShortSleep = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(30); // The kernel's poll counts microseconds in 31 bits.

    private readonly HubSession _session;
    private readonly IMqttTransport _transport;
    private readonly TimeProvider _clock;
    private readonly HubIdentity _identity;
    private readonly HubClientOptions _options;
    private readonly NamedOptions _named;
    private readonly UploadQueue _uploads;
    private readonly UploadIdentity _uploader;
    private readonly Callbacks _callbacks;
    private readonly WorkSignal _signal = new();
    private readonly Func<bool> _hasUnsent;
    private IotHubTransportLL? _shared;
    private int _entered;
    private int _disposed;

    internal IotHubClientLL(HubSession session, IMqttTransport transport, HubIdentity identity, HubClientOptions options)
    {
        _session = session;
        _transport = transport;
        _identity = identity;
        _options = options;
        _clock = options.TimeProvider;
        session.Dialect.Telemetry.IsEncoding = options.UrlEncodeProperties;
        _named = new NamedOptions(session, transport as PolledMqttTransport, session.Dialect.Telemetry, identity, options);
        _callbacks = new Callbacks(options.Logger ?? NullLogger.Instance);
        _uploader = new UploadIdentity(identity.HostName, options.HttpsPort, identity.DeviceId, () => session.Credential);
        Awaits = new Awaits(_clock);
        _uploads = new UploadQueue(() => session.StopRequested);
        _hasUnsent = () => session.HasUnsent && Link is not { UnsentBytes: > 0 }; // Else the network is what is waited for.
        if (transport is PolledMqttTransport)
        {
            session.Probe = new ClockProbe(() => HttpChannels!(), identity.HostName, options.HttpsPort, _clock);
        }

        HttpChannels = () => new PolledHttpChannel(Route, _named.UploadTimeout, ProductName.For(options.ProductInfo), _clock);
    }

    /// <summary>Makes the connections of uploads; tests put a scripted one in.</summary>
    internal Func<IHttpChannel> HttpChannels { get; set; }

    /// <summary>The present link, for tests; null on another transport, or without a link.</summary>
    internal PolledLink? Link => (_transport as PolledMqttTransport)?.Link;

    /// <summary>What the awaitable face waits for.</summary>
    internal Awaits Awaits { get; }

    /// <summary>
    /// Replaces the credential at run time: a new token in time, a rotated key, a renewed certificate. A live connection is closed once
    /// nothing is in flight (10 s at most) and comes back with it; nothing queued is lost. On the thread of <see cref="DoWork"/>.
    /// </summary>
    /// <param name="config">The same host name and device id with exactly one credential.</param>
    /// <exception cref="ArgumentException">Another identity; no credential, or more than one; or a certificate without its private key.</exception>
    /// <exception cref="FormatException">The key is not base64.</exception>
    public void SetCredential(DeviceConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.HostName != _identity.HostName || config.DeviceId != _identity.DeviceId || config.ModuleId != _identity.ModuleId)
        {
            throw new ArgumentException("A client keeps its identity: host name, device id and module id must be those it was created with.", nameof(config));
        }

        _session.SetCredential(CredentialOf(_identity, config, _options with { SasTokenLifetime = _named.TokenLifetime }));
    }

    /// <summary>Copies the message and queues it; nothing is sent before the next <see cref="DoWork"/>. Any thread.</summary>
    /// <param name="message">What to send.</param>
    /// <param name="callback">Told once how the message ended; null for nobody.</param>
    /// <param name="context">Passed to the callback; must be null without one.</param>
    /// <returns>
    /// <see cref="IotHubClientResult.Ok"/> when queued; <see cref="IotHubClientResult.InvalidSize"/> over 262,144 bytes of body and properties or
    /// 65,535 bytes of topic; <see cref="IotHubClientResult.QueueFull"/> at the message or byte limit;
    /// <see cref="IotHubClientResult.InvalidArg"/> for a context without a callback, and, where properties are not encoded, for one that no topic may hold
    /// (<c>#</c>, <c>+</c> or U+0000: the hub would close the connection); <see cref="IotHubClientResult.Error"/> after dispose.
    /// </returns>
    public IotHubClientResult SendEvent(TelemetryMessage message, SendConfirmationCallback? callback = null, object? context = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (callback is null && context is not null)
        {
            return IotHubClientResult.InvalidArg;
        }

        if (TelemetrySize.Of(message) > TelemetryMaximumBytes)
        {
            return IotHubClientResult.InvalidSize;
        }

        byte[]? packet = _session.Dialect.EncodeTelemetry(message, _clock, out int packetIdOffset, out IotHubClientResult fault);
        return packet is null ? fault : Notify(_session.Features.Telemetry.Enqueue(packet, packetIdOffset, callback, context));
    }

    /// <summary>Whether accepted telemetry is still waiting or in flight. Reported states and method answers are not counted. Any thread.</summary>
    /// <param name="status">The answer.</param>
    /// <returns>Always <see cref="IotHubClientResult.Ok"/>.</returns>
    public IotHubClientResult GetSendStatus(out SendStatus status)
    {
        status = _session.Features.Telemetry.IsBusy ? SendStatus.Busy : SendStatus.Idle;
        return IotHubClientResult.Ok;
    }

    /// <summary>
    /// How much telemetry may be in flight now: <see cref="HubClientOptions.InFlightWindow"/>, or less, down to 1, while the hub acknowledges
    /// later than after 2 s, as a throttling hub does.
    /// </summary>
    public int SendWindow => _session.Features.Telemetry.Allowed;

    /// <summary>Registers for cloud-to-device messages; null unregisters.</summary>
    /// <param name="callback">Handles each message and says what becomes of it.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns><see cref="IotHubClientResult.Error"/> for a module, which has no such messages, or when null is given and none is registered, as in the reference.</returns>
    public IotHubClientResult SetMessageCallback(C2dMessageCallback? callback, object? context = null)
    {
        if (_identity.ModuleId is not null || (callback is null && !_session.Features.Messages.IsWanted))
        {
            return IotHubClientResult.Error;
        }

        _session.Features.Messages.Register(callback, context);
        if (callback is null)
        {
            _session.Unsubscribe(Filters.Messages);
        }

        return IotHubClientResult.Ok;
    }

    /// <summary>Settles a message whose callback answered <see cref="MessageDisposition.AsyncAck"/>. On the thread of <see cref="DoWork"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="disposition">Any but <see cref="MessageDisposition.AsyncAck"/>.</param>
    /// <returns>
    /// <see cref="IotHubClientResult.InvalidArg"/> for <see cref="MessageDisposition.AsyncAck"/>; <see cref="IotHubClientResult.Error"/> when the
    /// message is settled already or its connection is gone, in which case the hub delivers it again.
    /// </returns>
    public IotHubClientResult SendMessageDisposition(C2dMessage message, MessageDisposition disposition)
    {
        ArgumentNullException.ThrowIfNull(message);
        return disposition is MessageDisposition.AsyncAck || !Enum.IsDefined(disposition) ? IotHubClientResult.InvalidArg
            : _session.Features.Messages.Settle(message, disposition) ? IotHubClientResult.Ok
            : IotHubClientResult.Error;
    }

    /// <summary>When the last cloud-to-device message arrived, by the wall clock; twin and method traffic does not count.</summary>
    /// <param name="time">The instant; unchanged default when there was none.</param>
    /// <returns><see cref="IotHubClientResult.IndefiniteTime"/> before the first message.</returns>
    public IotHubClientResult GetLastMessageReceiveTime(out DateTimeOffset time)
    {
        time = _session.Features.Messages.LastReceived ?? default;
        return _session.Features.Messages.LastReceived is null ? IotHubClientResult.IndefiniteTime : IotHubClientResult.Ok;
    }

    /// <summary>
    /// Sets how waits between attempts grow and forgets earlier failures: a client that waits to retry, or had given up, tries in the next turn; under
    /// <see cref="RetryPolicy.None"/> one that waits to retry gives up in it.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="retryTimeoutLimit">Time after the first failure in a row at which the client gives up; zero for never.</param>
    /// <exception cref="ArgumentOutOfRangeException">An undefined policy or a negative limit.</exception>
    public IotHubClientResult SetRetryPolicy(RetryPolicy policy, TimeSpan retryTimeoutLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retryTimeoutLimit, TimeSpan.Zero);
        if (!Enum.IsDefined(policy))
        {
            throw new ArgumentOutOfRangeException(nameof(policy), policy, "No such retry policy.");
        }

        _session.SetRetryPolicy(policy, retryTimeoutLimit);
        return IotHubClientResult.Ok;
    }

    /// <summary>The retry policy in force: exponential with jitter and no limit unless set otherwise.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="retryTimeoutLimit">The limit; zero for none.</param>
    /// <returns>Always <see cref="IotHubClientResult.Ok"/>.</returns>
    public IotHubClientResult GetRetryPolicy(out RetryPolicy policy, out TimeSpan retryTimeoutLimit)
    {
        policy = _session.Retries.Policy;
        retryTimeoutLimit = _session.Retries.Limit;
        return IotHubClientResult.Ok;
    }

    /// <summary>
    /// Sets an option by its name in the reference: <c>messageTimeout</c> (ms), <c>product_info</c>, <c>model_id</c>, <c>sas_token_lifetime</c> (s),
    /// <c>sas_token_refresh_time</c> (the same), <c>keepalive</c> (s), <c>connect_timeout</c> (s), <c>retry_interval_sec</c>,
    /// <c>retry_max_delay_secs</c>, <c>auto_url_encode_decode</c>, <c>diag_sampling_percentage</c>, <c>logtrace</c>, <c>TrustedCerts</c> (PEM),
    /// <c>x509certificate</c> and <c>x509privatekey</c> (PEM), <c>tcp_keepalive</c>, <c>tcp_keepalive_time</c> (s),
    /// <c>tcp_keepalive_interval</c> (s), <c>proxy_data</c> (<see cref="HttpProxy"/>), <c>net_interface_mac_address</c>, <c>x509EccCertificate</c> and
    /// <c>x509EccAliasKey</c> (PEM), <c>blob_upload_timeout_secs</c> (0 for the default), <c>network_interface_upload_to_blob</c>, <c>tls_version</c> (12 or 13),
    /// <c>ADDRESS_TYPE</c> (IP_SOCKET); accepted without effect: <c>rawlogtrace</c>, <c>CURLOPT_VERBOSE</c>, <c>tls_renegotiation</c>,
    /// <c>blob_upload_tls_renegotiation</c>. On the thread of <see cref="DoWork"/>, in any order.
    /// </summary>
    /// <param name="name">The name, exactly as written here.</param>
    /// <param name="value">An integer, flag or text, as the option takes it.</param>
    /// <returns>
    /// <see cref="IotHubClientResult.InvalidArg"/> for an unknown name, a value of another type, or a certificate for a client with a key;
    /// <see cref="IotHubClientResult.Error"/> for a value out of range, text that is no PEM, or a name that was settled at the first attempt.
    /// </returns>
    public IotHubClientResult SetOption(string name, object value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        return _named.Set(name, value);
    }

    /// <summary>Registers for connection events; null unregisters. The present status is not replayed.</summary>
    /// <param name="callback">Told of each event.</param>
    /// <param name="context">Passed to the callback.</param>
    public IotHubClientResult SetConnectionStatusCallback(ConnectionStatusCallback? callback, object? context = null)
    {
        _session.RegisterStatus(callback, context);
        return IotHubClientResult.Ok;
    }

    /// <summary>Registers for desired properties; null unregisters. Each registration fetches the whole twin.</summary>
    /// <param name="callback">Told of the twin and of patches.</param>
    /// <param name="context">Passed to the callback.</param>
    public IotHubClientResult SetDeviceTwinCallback(DeviceTwinCallback? callback, object? context = null)
    {
        _session.Features.Desired.Register(callback, context);
        if (callback is null)
        {
            _session.Unsubscribe(Filters.DesiredPatches);
        }

        return IotHubClientResult.Ok;
    }

    /// <summary>Copies a merge patch of the reported section and queues it, in order, kept through reconnects. Any thread.</summary>
    /// <param name="reportedJson">A JSON object in UTF-8, sent as it stands; the hub takes 32 KB of reported properties.</param>
    /// <param name="callback">Told once how the patch ended; null for nobody.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns>
    /// <see cref="IotHubClientResult.Ok"/> when queued; <see cref="IotHubClientResult.InvalidArg"/> when empty;
    /// <see cref="IotHubClientResult.InvalidSize"/> over 262,144 bytes; <see cref="IotHubClientResult.QueueFull"/> with 1,000 patches waiting;
    /// <see cref="IotHubClientResult.Error"/> after dispose.
    /// </returns>
    public IotHubClientResult SendReportedState(ReadOnlySpan<byte> reportedJson, ReportedStateCallback? callback = null, object? context = null) =>
        reportedJson.IsEmpty ? IotHubClientResult.InvalidArg
        : reportedJson.Length > ReportedMaximumBytes ? IotHubClientResult.InvalidSize
        : Notify(_session.Features.Reported.Enqueue(reportedJson, callback, context));

    /// <summary>Reads the whole twin once, apart from what <see cref="SetDeviceTwinCallback"/> hands over; kept through reconnects. Any thread.</summary>
    /// <param name="callback">Told the end.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns><see cref="IotHubClientResult.QueueFull"/> with 100 reads under way; <see cref="IotHubClientResult.Error"/> after dispose.</returns>
    public IotHubClientResult GetTwin(TwinReadCallback callback, object? context = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Notify(_session.Features.Reads.Enqueue(callback, context));
    }

    /// <summary>Registers the handler of direct methods that answers at once; null unregisters.</summary>
    /// <param name="callback">Works and answers each call.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns>
    /// <see cref="IotHubClientResult.Error"/> when null is given and none is registered, or while the other kind of handler is registered, as
    /// in the reference.
    /// </returns>
    public IotHubClientResult SetDeviceMethodCallback(DeviceMethodCallback? callback, object? context = null)
    {
        if (_session.Features.Methods.AnswersLater || (callback is null && !_session.Features.Methods.AnswersAtOnce))
        {
            return IotHubClientResult.Error;
        }

        RegisterMethods(callback, null, context);
        return IotHubClientResult.Ok;
    }

    /// <summary>Registers the handler of direct methods that answers later, by <see cref="DeviceMethodResponse"/>; null unregisters.</summary>
    /// <param name="callback">Takes each call.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns>As <see cref="SetDeviceMethodCallback"/>.</returns>
#pragma warning disable CA1711 // The members are named after the reference's functions, so that its users find them.
    public IotHubClientResult SetDeviceMethodCallbackEx(DeviceMethodExCallback? callback, object? context = null)
#pragma warning restore CA1711
    {
        if (_session.Features.Methods.AnswersAtOnce || (callback is null && !_session.Features.Methods.AnswersLater))
        {
            return IotHubClientResult.Error;
        }

        RegisterMethods(null, callback, context);
        return IotHubClientResult.Ok;
    }

    /// <summary>Answers a call that was handed out; the answer leaves with the next <see cref="DoWork"/>. Any thread.</summary>
    /// <param name="request">The call; used up by the first answer, whatever its result.</param>
    /// <param name="response">The answer.</param>
    /// <returns><see cref="IotHubClientResult.Error"/> when answered already, or when the connection that carried the call is gone.</returns>
    public IotHubClientResult DeviceMethodResponse(MethodRequest request, MethodResponse response)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _session.Features.Methods.Answer(request, response) ? Notify(IotHubClientResult.Ok) : IotHubClientResult.Error;
    }

    /// <summary>One turn: never blocks, does a bounded amount of work, runs every callback that is due.</summary>
    /// <returns>What is left and when the next turn pays.</returns>
    /// <exception cref="InvalidOperationException">A turn is already running, on another thread or further up this one's stack.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public WorkStatus DoWork()
    {
        if (Interlocked.CompareExchange(ref _entered, 1, 0) != 0)
        {
            throw new InvalidOperationException("DoWork is single-entry: a turn of this client is already running. Call it from one place, and never from a callback.");
        }

        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            return Turn();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>As <see cref="DoWork"/>, for a shared transport: another thread may have disposed the client a moment ago, or be about to.</summary>
    internal WorkStatus Work()
    {
        if (Interlocked.CompareExchange(ref _entered, 1, 0) != 0)
        {
            return Volatile.Read(ref _disposed) != 0 || _session.StopRequested
                ? new WorkStatus(false, false, Timeout.InfiniteTimeSpan)
                : throw new InvalidOperationException("DoWork is single-entry: a turn of this client is already running beside its transport's.");
        }

        try
        {
            return Volatile.Read(ref _disposed) != 0 ? new WorkStatus(false, false, Timeout.InfiniteTimeSpan) : Turn();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>
    /// Puts the calling thread to sleep until a turn pays: bytes have come from the hub, another thread has queued something, or the time is over. For programs
    /// that have nothing better to do between turns; one thread at a time, and not from a callback. While a connection opens, an upload runs or the hub is asked for
    /// the time it sleeps 20 ms at most.
    /// </summary>
    /// <param name="atMost">The longest sleep, such as <see cref="WorkStatus.NextDue"/> of the last turn; infinite is allowed. A finite one ends after 30 min at the latest.</param>
    /// <returns>False when the time passed and nothing happened.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public bool WaitForWork(TimeSpan atMost)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (atMost != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(atMost, TimeSpan.Zero);
        }

        PolledLink? link = Link;
        bool isBusy = _uploads.IsBusy || link is { State: LinkState.Opening } || _session.Probe is { IsBusy: true };
        TimeSpan most = isBusy && (atMost > ShortSleep || atMost < TimeSpan.Zero) ? ShortSleep : atMost > LongestSleep ? LongestSleep : atMost;
        return _signal.Wait(link is { State: LinkState.Open } ? link.Stream : null, most, _hasUnsent);
    }

    /// <summary>
    /// Closes the connection with a DISCONNECT and completes every pending callback: telemetry as
    /// <see cref="SendConfirmation.BecauseDestroy"/>, reported states with 408 or 0, uploads with an error. Called from a callback it takes effect when the callback
    /// returns, still inside that <see cref="DoWork"/>. A second call does nothing.
    /// </summary>
    public void Dispose()
    {
        _session.StopRequested = true;
        Interlocked.MemoryBarrier(); // The flag first: either this call enters below, or the running turn sees the flag when it leaves.
        if (Interlocked.CompareExchange(ref _entered, 1, 0) == 0)
        {
            Leave();
        }
    }

    /// <summary>Names the client's state; holds no secret.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{nameof(IotHubClientLL)}, busy: {_session.Features.Telemetry.IsBusy}");

    private IotHubClientResult Notify(IotHubClientResult accepted)
    {
        if (accepted is IotHubClientResult.Ok)
        {
            _signal.Notify();
        }

        return accepted;
    }

    private void RegisterMethods(DeviceMethodCallback? callback, DeviceMethodExCallback? later, object? context)
    {
        _session.Features.Methods.Register(callback, later, context);
        if (!_session.Features.Methods.IsWanted)
        {
            _session.Unsubscribe(Filters.Methods);
        }
    }

    private WorkStatus Turn()
    {
        long now = _clock.GetTimestamp();
        _uploads.Turn(now); // First, so that what its callbacks queue leaves in this turn.
        WorkStatus status = _session.Turn(now);
        if (!_session.StopRequested)
        {
            bool hasMore = Awaits.Turn(now) && _session.HasUnsent; // Last: a confirmation that has come beats a time-out.
            status = _uploads.Join(status, now).Within(hasMore ? TimeSpan.Zero : Awaits.NextDue(now));
        }

        return _session.StopRequested ? new WorkStatus(false, false, Timeout.InfiniteTimeSpan) : status;
    }

    private void Leave()
    {
        StopWhenRequested();
        Interlocked.Exchange(ref _entered, 0);
        if (_session.StopRequested && Volatile.Read(ref _disposed) == 0 && Interlocked.CompareExchange(ref _entered, 1, 0) == 0)
        {
            StopWhenRequested(); // Disposed by another thread in the moment between the check above and the exchange.
            Interlocked.Exchange(ref _entered, 0);
        }
    }

    private void StopWhenRequested()
    {
        if (_session.StopRequested && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _session.Stop();
            _uploads.Abandon();
            _transport.Dispose();
            _signal.Dispose();
            _shared?.Detach(this);
        }
    }
}
