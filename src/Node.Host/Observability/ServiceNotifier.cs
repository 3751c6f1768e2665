using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Node.Host.Observability;

/// <summary>
/// Tells systemd how the service fares: datagrams to the socket that <c>$NOTIFY_SOCKET</c> names (sd_notify(3)). A state that cannot be sent
/// is logged once, for the node must run without its supervisor too. Any thread.
/// </summary>
internal sealed partial class ServiceNotifier : IDisposable
{
    private readonly Socket _socket;
    private readonly UnixDomainSocketEndPoint _address;
    private readonly ILogger _logger;
    private int _failed;

    private ServiceNotifier(string address, TimeSpan? watchdogInterval, ILogger logger)
    {
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        _address = new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address); // An abstract name is written with an at sign.
        _logger = logger;
        WatchdogInterval = watchdogInterval;
    }

    /// <summary>The supervisor's patience between two signs of life (<c>WatchdogSec=</c>); null when it waits for none from this process.</summary>
    public TimeSpan? WatchdogInterval { get; }

    /// <summary>Reads the variables that systemd sets; null when nobody listens.</summary>
    /// <param name="variable">Gives an environment variable.</param>
    /// <param name="processId">This process: a watchdog that is meant for another one is not this one's.</param>
    /// <param name="logger">Told when a state cannot be sent.</param>
    public static ServiceNotifier? FromEnvironment(Func<string, string?> variable, int processId, ILogger logger)
    {
        if (variable("NOTIFY_SOCKET") is not { Length: > 1 } address || address[0] is not ('/' or '@'))
        {
            return null;
        }

        bool isOurs = variable("WATCHDOG_PID") is not { Length: > 0 } pid || pid == processId.ToString(CultureInfo.InvariantCulture);
        bool isAsked = long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
            && microseconds is > 0 and < long.MaxValue / TimeSpan.TicksPerMicrosecond;
        return new ServiceNotifier(address, isOurs && isAsked ? TimeSpan.FromMicroseconds(microseconds) : null, logger);
    }

    /// <summary>The service is up: <c>READY=1</c>.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}");

    /// <summary>One line for <c>systemctl status</c>.</summary>
    public void Status(string status) => Send($"STATUS={OneLine(status)}");

    /// <summary>The configuration is being read again; <see cref="Ready"/> ends it. The instant is the kernel's monotonic clock's.</summary>
    public void Reloading(TimeSpan monotonic) =>
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={(long)monotonic.TotalMicroseconds}"));

    /// <summary>The service is on its way down.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=stopping");

    /// <summary>A sign of life.</summary>
    public void Alive() => Send("WATCHDOG=1");

    public void Dispose() => _socket.Dispose();

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Send(string state)
    {
        try
        {
            _socket.SendTo(System.Text.Encoding.UTF8.GetBytes(state), _address);
        }
        catch (Exception unreachable) when (unreachable is SocketException or ObjectDisposedException)
        {
            if (Interlocked.Exchange(ref _failed, 1) == 0)
            {
                LogNotTold(_logger, unreachable.Message);
            }
        }
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Warning, Message = "systemd cannot be told how the node fares: {Reason}")]
    private static partial void LogNotTold(ILogger logger, string reason);
}
