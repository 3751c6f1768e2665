using System.Text.RegularExpressions;

namespace HubEmulator.Tests.Pages;

/// <summary>The page's three files as they are embedded: sound, self-contained, without anything that the content policy would refuse.</summary>
public sealed partial class PageFileTests
{
    private static readonly HashSet<string> Void = ["meta", "link", "input", "br", "hr", "img"];
    private static readonly string Html = Read("index.html");
    private static readonly string Css = Read("page.css");
    private static readonly string Script = Read("page.js");

    [Fact]
    public void Every_element_is_closed_where_it_belongs()
    {
        var open = new Stack<string>();
        foreach (Match tag in Tags().Matches(Html))
        {
            string name = tag.Groups["name"].Value;
            if (tag.Groups["end"].Length > 0)
            {
                Assert.Equal(name, open.Count == 0 ? null : open.Pop());
            }
            else if (!Void.Contains(name))
            {
                open.Push(name);
            }
        }

        Assert.Empty(open);
        Assert.StartsWith("<!doctype html>", Html, StringComparison.Ordinal);
        Assert.Equal(Html.Count(letter => letter == '<'), Tags().Count(Html) + 1); // nothing but tags and the document type begins with one
    }

    [Fact]
    public void Nothing_is_loaded_from_elsewhere_or_written_into_the_document()
    {
        Assert.DoesNotMatch("https?:|//[a-z]", Html + Css);
        Assert.DoesNotContain("url(", Css, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", Css, StringComparison.Ordinal);
        Assert.DoesNotMatch("https?:|innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(|new Function|localStorage|\\.style\\b", Script);
        Assert.DoesNotMatch("""\sstyle=|\son[a-z]+=|<style|<script>""", Html);
        Assert.Equal(["data:,", "/page/page.css"], Links().Matches(Html).Select(link => link.Groups[1].Value));
        Assert.Equal(["/page/page.js"], Scripts().Matches(Html).Select(script => script.Groups[1].Value));
    }

    [Fact]
    public void Every_id_is_there_once_and_the_script_names_no_other()
    {
        List<string> ids = [.. Ids().Matches(Html).Select(id => id.Groups[1].Value)];
        IEnumerable<string> named = Named().Matches(Script).Select(id => id.Groups[1].Value);

        Assert.Equal(ids.Distinct(), ids);
        Assert.Empty(named.Except(ids));
    }

    [Fact]
    public void Every_field_has_a_name_for_those_who_do_not_see_it()
    {
        string withoutLabels = Labels().Replace(Html, "");

        Assert.All(Fields().Matches(withoutLabels), field => Assert.Contains("aria-label", field.Value, StringComparison.Ordinal));
        Assert.Contains("lang=\"en\"", Html, StringComparison.Ordinal);
        Assert.Contains("width=device-width", Html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_stays_small()
    {
        Assert.InRange(Html.Length + Css.Length + Script.Length, 1000, 64 * 1024);
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(LocalHub).Assembly.GetManifestResourceStream($"page/{name}")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""<(?<end>/?)(?<name>[a-z][a-z0-9]*)(?:\s+[a-z-]+(?:="[^"<>]*")?)*\s*>""")]
    private static partial Regex Tags();

    [GeneratedRegex("""<link [^>]*href="([^"]*)""")]
    private static partial Regex Links();

    [GeneratedRegex("""<script [^>]*src="([^"]*)""")]
    private static partial Regex Scripts();

    [GeneratedRegex("""\sid="([^"]*)""")]
    private static partial Regex Ids();

    [GeneratedRegex("""\$\('([^']*)'\)""")]
    private static partial Regex Named();

    [GeneratedRegex("<label.*?</label>", RegexOptions.Singleline)]
    private static partial Regex Labels();

    [GeneratedRegex("<(?:input|textarea|select)[^>]*>")]
    private static partial Regex Fields();
}
