using System.Text.Json;
using Node.Host.Spool;

namespace Node.Host.Dashboard.History;

/// <summary>Gives the history back what a restart took from it, as far as the spool still has it: readings that the hub has not confirmed.</summary>
internal static class SpoolMemory
{
    /// <summary>Reads the spool beside the node's own connection, without holding it up.</summary>
    /// <param name="path">The spool file.</param>
    /// <param name="bootId">This run, whose readings the history has already.</param>
    /// <param name="history">What is filled.</param>
    /// <param name="cancellationToken">Ends it early; what was read so far stays.</param>
    /// <returns>How many readings were taken over.</returns>
    /// <exception cref="SpoolException">The spool cannot be read.</exception>
    public static int Restore(string path, string bootId, ReadingHistory history, CancellationToken cancellationToken)
    {
        int restored = 0;
        using SpoolInspection spool = SpoolInspection.Open(path);
        spool.Visit(message =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (message.BootId != bootId && message.TimeSynced && Restore(message, history))
            {
                restored++;
            }
        });
        return restored;
    }

    private static bool Restore(SpooledMessage message, ReadingHistory history)
    {
        try
        {
            using JsonDocument body = JsonDocument.Parse(message.Body);
            if (body.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            foreach (JsonProperty value in body.RootElement.EnumerateObject())
            {
                if (value.Value.ValueKind == JsonValueKind.Number)
                {
                    history.AddEarlier(message.Component, value.Name, message.SampledAt, value.Value.GetDouble());
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false; // Not a reading of this program; it will be sent as it is.
        }
    }
}
