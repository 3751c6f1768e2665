using System.Text;
using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

/// <summary>Whether a reading comes out of memory or out of the file makes no difference to who takes it.</summary>
public sealed class SpoolRecentTests
{
    private const int Readings = 6_000;
    private static readonly string Pad = new('x', 400); // Twice of what is kept in memory.

    [Theory, InlineData(7), InlineData(200), InlineData(Readings)]
    public async Task What_was_stored_faster_than_it_was_sent_comes_out_whole_and_in_order(int atOnce)
    {
        using var rig = new SpoolRig();
        await AppendAsync(rig, Readings);

        List<SpooledMessage> taken = TakeAll(rig, atOnce);
        await AppendAsync(rig, 300);
        List<SpooledMessage> later = TakeAll(rig, atOnce);

        Assert.Equal(Enumerable.Range(1, Readings).Select(number => ((long)number, Body(number))), taken.Select(Fields));
        Assert.Equal(Enumerable.Range(1, 300).Select(number => ((long)Readings + number, Body(number))), later.Select(Fields));
    }

    [Fact]
    public async Task What_was_taken_out_of_memory_is_deleted_in_the_file_and_what_was_given_back_is_there_after_a_restart()
    {
        using var rig = new SpoolRig();
        await AppendAsync(rig, 300);
        foreach (SpooledMessage message in TakeAll(rig, 100))
        {
            if (message.Sequence % 3 == 0)
            {
                rig.Spool.Release(message.Sequence);
            }
            else
            {
                rig.Spool.Confirm(message.Sequence);
            }
        }

        await rig.FlushAsync();
        List<SpooledMessage> again = TakeAll(rig, 100);
        rig.Close();
        rig.Reopen();
        List<SpooledMessage> after = TakeAll(rig, 100);

        Assert.Equal(Enumerable.Range(1, 100).Select(number => (3L * number, Body(3 * number))), again.Select(Fields));
        Assert.Equal(again.Select(Fields), after.Select(Fields));
    }

    [Fact]
    public async Task What_a_full_spool_dropped_does_not_come_out_of_memory()
    {
        using var rig = new SpoolRig(capacityBytes: SpoolLimits.LeastCapacityBytes);

        await AppendAsync(rig, Readings);

        List<SpooledMessage> left = TakeAll(rig, 500);
        Assert.Equal(rig.Spool.Statistics.Depth, left.Count);
        Assert.Equal(Enumerable.Range(Readings - left.Count + 1, left.Count).Select(number => (long)number), left.Select(message => message.Sequence));
    }

    [Fact]
    public async Task An_alarm_is_found_however_many_readings_came_since_it_was_last_looked_for()
    {
        using var rig = new SpoolRig();
        await AppendAsync(rig, 100);
        _ = TakeAll(rig, 1_000); // Looked for, and there was none.
        await AppendAsync(rig, Readings);
        long alarm = await rig.AppendAsync("{}", priority: 1);
        await AppendAsync(rig, Readings);

        SpooledMessage first = Assert.Single(rig.Take(1));

        Assert.Equal((alarm, 1), (first.Sequence, first.Priority));
    }

    private static async Task AppendAsync(SpoolRig rig, int count) =>
        await Task.WhenAll(Enumerable.Range(1, count).Select(number => rig.AppendAsync(Body(number))));

    private static List<SpooledMessage> TakeAll(SpoolRig rig, int atOnce)
    {
        var all = new List<SpooledMessage>();
        for (List<SpooledMessage> taken = rig.Take(atOnce); taken.Count > 0; taken = rig.Take(atOnce))
        {
            all.AddRange(taken);
        }

        return all;
    }

    private static string Body(int number) => $"\"{number}{Pad}\"";

    private static (long, string) Fields(SpooledMessage message) => (message.Sequence, Encoding.UTF8.GetString(message.Body.Span));
}
