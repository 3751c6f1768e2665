using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Spool;

// Appends for ever, as sensors do; in turn the hub is away, when nothing is confirmed, and there again, when the backlog drains beside what
// is new and some deliveries fail. Prints each fact only once it is durable, and each confirmation before it is given: the parent kills it
// at any instant. Arguments: the spool file, the boot id and a seed.
const int PhaseRounds = 12;
var random = new Random(int.Parse(args[2], CultureInfo.InvariantCulture));
await using Spool spool = Spool.Open(
    new SpoolOptions { Path = args[0], Limits = new SpoolLimits { CommitDelay = TimeSpan.FromMilliseconds(2) } },
    args[1], TimeProvider.System, NullLogger.Instance, "crash");
var taken = new List<SpooledMessage>();
bool isAway = random.Next(2) == 0;
for (int round = 1; ; round++)
{
    if (round % PhaseRounds == 0)
    {
        isAway = !isAway;
        spool.SplitBacklog(most: 10);
    }

    await AppendAsync(random.Next(1, 8));
    if (!isAway)
    {
        Drain();
    }
}

async Task AppendAsync(int count)
{
    byte[] body = Encoding.UTF8.GetBytes($"{{\"pad\":\"{new string('x', random.Next(200))}\"}}");
    Task<long>[] together = [.. Enumerable.Range(0, count).Select(_ => spool.AppendAsync(
        new SpoolEntry("climate", TimeProvider.System.GetUtcNow(), TimeSynced: true, Priority: random.Next(20) == 0 ? 1 : 0, body),
        CancellationToken.None).AsTask())];
    foreach (long sequence in await Task.WhenAll(together))
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"durable {sequence}"));
    }
}

void Drain()
{
    taken.Clear();
    spool.TakeUnsent(taken, 12, backlog: 8);
    foreach (SpooledMessage message in taken)
    {
        if (random.Next(8) == 0)
        {
            spool.Release(message.Sequence);
            continue;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"confirming {message.Sequence}"));
        spool.Confirm(message.Sequence);
    }
}
