using System.Text;
using System.Text.RegularExpressions;
using Node.Host.Dashboard;

namespace Node.Host.Tests.Dashboard;

public sealed partial class PageFilesTests
{
    [Fact]
    public void All_files_together_stay_under_300_KB()
    {
        string[] names = [.. PageFiles.Own, PageFiles.ChartScript, PageFiles.ChartStyle];

        Assert.InRange(names.Sum(name => PageFiles.Read(name)?.Length ?? 0), 10_000, 300_000);
    }

    [Fact]
    public void No_file_of_ours_refers_to_another_place_or_to_the_root_or_carries_code_in_markup()
    {
        foreach (string name in PageFiles.Own)
        {
            string text = Encoding.UTF8.GetString(PageFiles.Read(name)!);

            Assert.DoesNotMatch(Outside(), text);
            Assert.DoesNotMatch(FromRoot(), text);
            Assert.DoesNotMatch(Inline(), text);
        }
    }

    [Fact]
    public void Every_module_that_is_imported_is_served()
    {
        foreach (string name in PageFiles.Own.Where(name => name.EndsWith(".js", StringComparison.Ordinal)))
        {
            foreach (Match import in Import().Matches(Encoding.UTF8.GetString(PageFiles.Read(name)!)))
            {
                Assert.Contains(import.Groups[1].Value, PageFiles.Own);
            }
        }
    }

    [GeneratedRegex("""https?://|["'(]//""")]
    private static partial Regex Outside();

    [GeneratedRegex("""(src|href|fetch\(|EventSource\()=?["'`]/""")]
    private static partial Regex FromRoot();

    [GeneratedRegex("""innerHTML|insertAdjacentHTML|document\.write|\son[a-z]+="|\sstyle="|<style|javascript:|\beval\(""")]
    private static partial Regex Inline();

    [GeneratedRegex("""from "\./([^"]+)";""")]
    private static partial Regex Import();
}
