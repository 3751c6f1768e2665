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
}
