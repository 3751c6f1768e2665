using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Spool;

// Appends for ever, confirms every third message it can take, and prints each fact only once it is durable: the parent kills it at any instant.
// Arguments: the spool file and the boot id.
var random = new Random(args[1].Length);
await using Spool spool = Spool.Open(new SpoolOptions { Path = args[0], CommitDelay = TimeSpan.FromMilliseconds(2) }, args[1], TimeProvider.System, NullLogger.Instance);
var taken = new List<SpooledMessage>();
for (long number = 1; ; number++)
{
    byte[] body = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"n\":{number},\"pad\":\"{new string('x', random.Next(200))}\"}}"));
    Task<long>[] together = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ =>
        spool.AppendAsync(new SpoolEntry("climate", TimeProvider.System.GetUtcNow(), TimeSynced: true, Priority: 0, body), CancellationToken.None).AsTask())];
    foreach (long sequence in await Task.WhenAll(together))
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"durable {sequence}"));
    }

    taken.Clear();
    spool.TakeUnsent(taken, 3);
    for (int index = 0; index < taken.Count; index++)
    {
        if (index == 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"confirming {taken[index].Sequence}"));
            spool.Confirm(taken[index].Sequence);
        }
        else
        {
            spool.Release(taken[index].Sequence);
        }
    }
}
