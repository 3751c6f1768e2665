using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;

namespace Node.Host.Neighbours;

/// <summary>
/// Publishes the newest readings to a local MQTT broker at each interval, QoS 0, as the sensor block does, and where that is wanted as Home Assistant has
/// them. Keeps nothing: what matters is in the spool. A broker that cannot be reached is tried again after pauses from one interval to a minute, and logged once until it answers.
/// </summary>
internal sealed partial class BrokerPublisher(
    NeighbourOptions options, SensorBlock block, string clientId, TimeProvider time, ILogger logger, HomeAssistant? home = null) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private BrokerLink? _link;
    private int _failures;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _link?.Dispose();
        base.Dispose();
    }

    /// <summary>Publishes once, over a connection that is made where there is none. A broker that refuses is noted, and no exception.</summary>
    /// <exception cref="OperationCanceledException">The node stops.</exception>
    public async Task PublishAsync(CancellationToken stoppingToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stoppingToken);
        try
        {
            if (_link is not { IsOpen: true })
            {
                Forget();
                _link = new BrokerLink();
                await _link.OpenAsync(options, clientId, home?.Will, limit.Token);
                await PublishAsync(_link, home?.Announcements() ?? [], limit.Token);
            }

            await PublishAsync(_link, [new LocalMessage(options.MqttTopic, block.Json(), Retain: false), .. home?.States() ?? []], limit.Token);
            NoteSuccess();
        }
        catch (Exception refused) when (refused is SocketException or IOException || (refused is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            Forget();
            NoteFailure(refused is OperationCanceledException ? $"no answer within {Patience.TotalSeconds} s" : refused.Message);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause(), time, stoppingToken);
                await PublishAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await LeaveAsync();
        }
    }

    private static async Task PublishAsync(BrokerLink link, IEnumerable<LocalMessage> messages, CancellationToken cancellationToken)
    {
        foreach (LocalMessage message in messages)
        {
            await link.PublishAsync(message, cancellationToken);
        }
    }

    private TimeSpan Pause() =>
        _failures <= 1 || options.Interval >= LongestPause ? options.Interval
        : options.Interval * Math.Pow(2, Math.Min(_failures - 1, 10)) is var pause && pause < LongestPause ? pause : LongestPause;

    private void Forget()
    {
        _link?.Dispose();
        _link = null;
    }

    private async Task LeaveAsync()
    {
        if (_link is not { IsOpen: true } link)
        {
            return;
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        try
        {
            if (home is not null)
            {
                await link.PublishAsync(home.Will, patience.Token); // A broker forgets the will of who says farewell.
            }

            await link.CloseAsync(patience.Token);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            LogGone(logger, gone.Message); // It ends without a farewell.
        }
    }

    private void NoteSuccess()
    {
        if (_failures != 0)
        {
            LogBack(logger, options.MqttHost!, options.MqttPort);
        }

        _failures = 0;
    }

    private void NoteFailure(string reason)
    {
        if (_failures++ == 0)
        {
            LogLost(logger, options.MqttHost!, options.MqttPort, reason);
        }
    }

    [LoggerMessage(EventId = 600, Level = LogLevel.Warning, Message = "The local broker {Host}:{Port} cannot be published to and will be tried again: {Reason}")]
    private static partial void LogLost(ILogger logger, string host, int port, string reason);

    [LoggerMessage(EventId = 601, Level = LogLevel.Information, Message = "The local broker {Host}:{Port} takes readings again")]
    private static partial void LogBack(ILogger logger, string host, int port);

    [LoggerMessage(EventId = 602, Level = LogLevel.Debug, Message = "The local broker was left without a farewell: {Reason}")]
    private static partial void LogGone(ILogger logger, string reason);
}
