using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Spool;

/// <summary>A spool in a folder of its own that can be closed, killed in spirit and opened again.</summary>
internal sealed class SpoolRig : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _boots;

    public SpoolRig(long capacityBytes = 64L << 20, TimeSpan? maxAge = null, TimeSpan? commitDelay = null, DropPolicy dropPolicy = DropPolicy.DropOld)
    {
        Options = new SpoolOptions
        {
            Path = _folder.File("spool.db"),
            Limits = new SpoolLimits
            {
                CapacityBytes = capacityBytes,
                DropPolicy = dropPolicy,
                MaxAge = maxAge ?? TimeSpan.FromDays(30),
                CommitDelay = commitDelay ?? TimeSpan.Zero,
            },
        };
        Reopen();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public SpoolOptions Options { get; }

    public Node.Host.Spool.Spool Spool { get; private set; } = null!;

    public string Folder => _folder.Path;

    public void Close() => Spool.Dispose();

    public void Reopen() => Spool = Node.Host.Spool.Spool.Open(Options, $"boot{++_boots}", Clock, NullLogger.Instance);

    /// <summary>Closes and opens as in the given run of the machine.</summary>
    public void Reopen(string kernelBoot)
    {
        Close();
        Spool = Node.Host.Spool.Spool.Open(Options, $"boot{++_boots}", Clock, NullLogger.Instance, kernelBoot);
    }

    public Task<long> AppendAsync(string body, int priority = 0, DateTimeOffset? sampledAt = null, bool synced = true) => Spool.AppendAsync(
        new SpoolEntry("climate", sampledAt ?? Clock.GetUtcNow(), synced, priority, Encoding.UTF8.GetBytes(body)), TestContext.Current.CancellationToken).AsTask();

    public List<SpooledMessage> Take(int maximum = 1_000, int backlog = int.MaxValue)
    {
        var taken = new List<SpooledMessage>();
        Spool.TakeUnsent(taken, maximum, backlog);
        return taken;
    }

    public Task FlushAsync() => Spool.FlushAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Spool.Dispose();
        _folder.Dispose();
    }
}
