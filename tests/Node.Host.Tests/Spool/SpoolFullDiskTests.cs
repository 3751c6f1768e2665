using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Spool;

/// <summary>A disk that is really full: a file system of 3 MiB in memory. Skipped where this user may not mount one.</summary>
public sealed class SpoolFullDiskTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_refuses_what_is_new_keeps_what_is_there_and_goes_on_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder.Path), "no file system may be mounted here");
        try
        {
            string filler = folder.File("filler");
            await File.WriteAllBytesAsync(filler, new byte[1 << 20], Cancelled);
            var options = new SpoolOptions { Path = folder.File("spool.db"), Limits = new SpoolLimits { CommitDelay = TimeSpan.Zero } };
            var durable = new List<long>();
            using (var spool = Node.Host.Spool.Spool.Open(options, "boot1", TimeProvider.System, NullLogger.Instance))
            {
                SpoolException full = await FillAsync(spool, durable);
                Assert.Equal(SpoolFault.DiskFull, full.Fault);
                Assert.Equal(durable.Count, spool.Statistics.Depth);

                File.Delete(filler);
                durable.Add(await AppendAsync(spool));
            }

            using var again = Node.Host.Spool.Spool.Open(options, "boot2", TimeProvider.System, NullLogger.Instance);
            var taken = new List<SpooledMessage>();
            again.TakeUnsent(taken, int.MaxValue);

            Assert.True(durable.Count > 100);
            Assert.Equal(durable, taken.Select(message => message.Sequence));
            Assert.Equal(Enumerable.Range(1, durable.Count).Select(i => (long)i), durable);
            Assert.Equal(0, again.Statistics.LostByCorruption);
        }
        finally
        {
            Assert.True(await RunAsync("umount", "-l", folder.Path));
        }
    }

    private static async Task<SpoolException> FillAsync(Node.Host.Spool.Spool spool, List<long> durable)
    {
        while (durable.Count < 10_000)
        {
            try
            {
                durable.Add(await AppendAsync(spool));
            }
            catch (SpoolException full)
            {
                return full;
            }
        }

        throw new InvalidOperationException("the disk did not get full");
    }

    private static ValueTask<long> AppendAsync(Node.Host.Spool.Spool spool) => spool.AppendAsync(
        new SpoolEntry("climate", TimeProvider.System.GetUtcNow(), true, 0, Encoding.UTF8.GetBytes($"{{\"pad\":\"{new string('x', 2_000)}\"}}")), Cancelled);

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
