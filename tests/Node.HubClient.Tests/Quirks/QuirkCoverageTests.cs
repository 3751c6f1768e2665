using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Each of the reference's 38 known quirks has a test that runs here and begins with its number.</summary>
public sealed partial class QuirkCoverageTests
{
    private const int Quirks = 38;

    [Fact]
    public void Every_quirk_has_a_test_that_runs()
    {
        HashSet<int> tested = [.. TestMethods().Select(Number)];

        int[] missing = [.. Enumerable.Range(1, Quirks).Except(tested)];
        Assert.Empty(missing);
    }

    private static IEnumerable<MethodInfo> TestMethods() =>
        from type in typeof(QuirkCoverageTests).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.GetCustomAttribute<FactAttribute>() is { Skip: null } // a theory is one too
        select method;

    private static int Number(MethodInfo test) =>
        QuirkName().Match(test.Name) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^Q([0-9]{2})_")]
    private static partial Regex QuirkName();
}
