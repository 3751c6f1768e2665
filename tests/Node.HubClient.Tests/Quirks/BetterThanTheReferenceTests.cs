using System.Globalization;
using System.Text.RegularExpressions;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>docs/better-than-the-reference.md names every known complaint, and only tests that exist.</summary>
public sealed partial class BetterThanTheReferenceTests
{
    private static readonly int[] Threads =
    [
        1621, 1626, 1993, 2448, 659, 867, 2514, 1360, 2499, 2226, 643, 698, 1323, 872, 782, 726, 204, 126, 648, 279, 1541, 1617, 2248, 602, 1061, 841, 889, 1925, 2182, 2627, 2274, 902,
        636, 747, 652, 642, 2449, 1603, 434, 1297, 798, 631, 1870, 185, 16018, 869, 1695, 2043, 257, 1290, 1137, 445, 753, 887, 2569, 573, 650, 1416, 2287, 1666, 774, 2723, 829,
    ];

    [Fact]
    public void Every_thread_has_a_row()
    {
        HashSet<int> named = [.. Rows().SelectMany(row => Number().Matches(row[0])).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

        Assert.Equal(Threads.Order(), named.Order());
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        string[] named = [.. Rows().SelectMany(Tests)];

        Assert.NotEmpty(named);
        Assert.All(named, test => Assert.NotNull(Document.Find(test)));
    }

    [Fact]
    public void Every_row_has_proof_that_runs_and_none_is_left_open() =>
        Assert.All(Rows(), row =>
        {
            Assert.DoesNotContain("open:", row[2], StringComparison.OrdinalIgnoreCase);
            Assert.NotEmpty(Tests(row));
            Assert.All(Tests(row), test => Assert.Null(Document.Find(test)?.Skip));
        });

    private static string[][] Rows() => Document.Rows("better-than-the-reference.md", 4);

    private static IEnumerable<string> Tests(string[] row) => Document.Tests(row[3]);

    [GeneratedRegex("#([0-9]+)")]
    private static partial Regex Number();
}
