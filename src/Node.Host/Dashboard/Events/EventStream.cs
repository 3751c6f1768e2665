using System.Text;

namespace Node.Host.Dashboard.Events;

/// <summary>
/// Hands what happens to whoever listens at <c>/events</c> (server-sent events). At most 16 listen; one that falls 256 events behind is
/// dropped and may come again. Costs nothing while nobody listens. Any thread.
/// </summary>
internal sealed class EventStream
{
    public const int MostClients = 16;

    private readonly Lock _gate = new();
    private volatile EventClient[] _clients = [];

    /// <summary>Whether anybody would hear.</summary>
    public bool HasClients => _clients.Length > 0;

    /// <summary>Clients dropped because they were too slow.</summary>
    public long Dropped { get; private set; }

    /// <summary>A new listener; null when there are too many.</summary>
    public EventClient? TryJoin()
    {
        lock (_gate)
        {
            if (_clients.Length >= MostClients)
            {
                return null;
            }

            var client = new EventClient();
            _clients = [.. _clients, client];
            return client;
        }
    }

    public void Leave(EventClient client)
    {
        lock (_gate)
        {
            _clients = [.. _clients.Where(other => !ReferenceEquals(other, client))];
        }
    }

    /// <summary>Tells every listener.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="data">JSON without line breaks.</param>
    public void Publish(string name, string data)
    {
        EventClient[] clients = _clients;
        if (clients.Length == 0)
        {
            return;
        }

        byte[] frame = Frame(name, data);
        foreach (EventClient slow in clients.Where(client => !client.Offer(frame)))
        {
            lock (_gate)
            {
                Dropped++;
            }

            Leave(slow);
        }
    }

    /// <summary>An event as it goes over the wire.</summary>
    public static byte[] Frame(string name, string data) => Encoding.UTF8.GetBytes($"event: {name}\ndata: {data}\n\n");
}
