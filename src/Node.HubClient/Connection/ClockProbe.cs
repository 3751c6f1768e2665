namespace Node.HubClient.Connection;

/// <summary>
/// Asks the hub for the time after it refused a token, by the <c>Date</c> of any answer of its HTTPS endpoint (RFC 9110 section 6.6.1): a wrong
/// clock and a wrong key earn the same refusal, and this tells them apart.
/// </summary>
internal sealed class ClockProbe(Func<IHttpChannel> channels, string hostName, int port, TimeProvider clock)
{
    /// <summary>A difference that the service forgives.</summary>
    public static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(5);

    private IHttpChannel? _channel;

    /// <summary>Whether an answer is due.</summary>
    public bool IsBusy => _channel is not null;

    /// <summary>Asks, unless an answer is due already.</summary>
    public void Begin()
    {
        if (_channel is null)
        {
            _channel = channels();
            _channel.Begin(new HttpRequest { Host = hostName, Port = port, Method = "GET", Target = "/" });
        }
    }

    /// <summary>One step. True, once, when the answer shows that the hub's clock is ahead by <paramref name="skew"/> or, negative, behind.</summary>
    public bool TryTake(out TimeSpan skew)
    {
        skew = default;
        if (_channel is null || !_channel.TryEnd(out HttpOutcome outcome))
        {
            return false;
        }

        Stop();
        skew = (outcome.Date - clock.GetUtcNow()) ?? TimeSpan.Zero;
        return outcome.Date is not null;
    }

    /// <summary>Ends what is under way.</summary>
    public void Stop()
    {
        _channel?.Dispose();
        _channel = null;
    }
}
