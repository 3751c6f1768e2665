using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace HubEmulator.Amqp;

/// <summary>Ends links from the hub's side.</summary>
internal static class LinkEnding
{
    /// <summary>Detaches with an error and does not wait for the client.</summary>
    public static void End(this ListenerLink link, string condition, string description)
    {
        try
        {
            link.Close(TimeSpan.Zero, new Error(condition) { Description = description });
        }
        catch (Exception ended) when (ended is AmqpException or ObjectDisposedException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
