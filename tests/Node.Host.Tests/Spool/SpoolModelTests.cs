using System.Text;
using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

/// <summary>Random operations against a model that fits on a page.</summary>
public sealed class SpoolModelTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public async Task A_thousand_random_operations_leave_what_the_model_says(int seed)
    {
        using var rig = new SpoolRig();
        var random = new Random(seed);
        var unsent = new SortedDictionary<(int Order, long Sequence), string>();
        var held = new Dictionary<long, (int Priority, string Body)>();
        for (int step = 0; step < 1_000; step++)
        {
            switch (random.Next(20))
            {
                case < 9:
                    int priority = random.Next(10) == 0 ? 1 : 0;
                    string body = $"\"{new string('x', random.Next(300))}{step}\"";
                    unsent.Add((1 - priority, await rig.AppendAsync(body, priority)), body);
                    break;
                case < 13:
                    List<SpooledMessage> taken = rig.Take(random.Next(1, 10));
                    Assert.Equal(unsent.Take(taken.Count).Select(pair => pair.Key.Sequence), taken.Select(message => message.Sequence));
                    Assert.True(taken.Count > 0 || unsent.Count == 0, $"seed {seed}, step {step}: nothing was handed out");
                    foreach (SpooledMessage message in taken)
                    {
                        Assert.Equal(unsent[(1 - message.Priority, message.Sequence)], Encoding.UTF8.GetString(message.Body.Span));
                        unsent.Remove((1 - message.Priority, message.Sequence));
                        held.Add(message.Sequence, (message.Priority, Encoding.UTF8.GetString(message.Body.Span)));
                    }

                    break;
                case < 17 when held.Count > 0:
                    long confirmed = held.Keys.ElementAt(random.Next(held.Count));
                    rig.Spool.Confirm(confirmed);
                    held.Remove(confirmed);
                    break;
                case < 19 when held.Count > 0:
                    long released = held.Keys.ElementAt(random.Next(held.Count));
                    rig.Spool.Release(released);
                    unsent.Add((1 - held[released].Priority, released), held[released].Body);
                    held.Remove(released);
                    break;
                case 19 when random.Next(5) == 0:
                    await rig.FlushAsync();
                    rig.Close();
                    rig.Reopen();
                    foreach ((long sequence, (int heldPriority, string heldBody)) in held)
                    {
                        unsent.Add((1 - heldPriority, sequence), heldBody);
                    }

                    held.Clear();
                    break;
            }

            Assert.Equal(unsent.Count + held.Count, rig.Spool.Statistics.Depth);
            Assert.Equal(unsent.Count, rig.Spool.Statistics.UnsentCount);
        }
    }
}
