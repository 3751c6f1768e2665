using HilRig.Checks;

namespace HilRig.Tests.Checks;

public sealed class SequenceSetTests
{
    [Fact]
    public void It_agrees_with_a_plain_set_over_random_numbers()
    {
        var random = new Random(42);
        for (int round = 0; round < 50; round++)
        {
            var plain = new HashSet<long>();
            var ranges = new SequenceSet();
            for (int step = 0; step < 200; step++)
            {
                long number = random.Next(1, 120);
                Assert.Equal(plain.Add(number), ranges.Add(number));
            }

            Assert.Equal(plain.Count, ranges.Count);
            Assert.Equal(plain.Max(), ranges.Last);
            long first = random.Next(1, 60);
            long last = random.Next(60, 130);
            long[] expected = [.. Enumerable.Range((int)first, (int)(last - first + 1)).Select(number => (long)number).Where(number => !plain.Contains(number))];
            long[] missing = [.. ranges.MissingBetween(first, last).SelectMany(range => Enumerable.Range((int)range.First, (int)range.Count)).Select(number => (long)number)];
            Assert.Equal(expected, missing);
        }
    }

    [Fact]
    public void An_empty_set_misses_everything_and_an_empty_range_nothing()
    {
        var set = new SequenceSet();

        Assert.Equal([new SequenceRange(1, 5)], set.MissingBetween(1, 5));
        Assert.Empty(set.MissingBetween(1, 0));
    }
}
