using Microsoft.AspNetCore.Routing;

namespace Node.Host.Dashboard;

/// <summary>The page, embedded in the program. The chart library is there only when the build could have it from npm; the page copes without.</summary>
internal static class PageFiles
{
    /// <summary>The chart library and its style.</summary>
    public const string ChartScript = "uPlot.iife.min.js";

    public const string ChartStyle = "uPlot.min.css";

    /// <summary>The page's own files.</summary>
    public static readonly string[] Own =
    [
        "index.html", "page.css", "page.js", "actuators.js", "buses.js", "chart.js", "dom.js", "faults.js", "format.js", "hub.js", "logs.js", "node.js", "sensors.js", "settings.js", "twin.js",
    ];

    /// <summary>Whether this program was built with charts.</summary>
    public static bool HasCharts => IsEmbedded(ChartScript);

    public static void MapPage(this IEndpointRouteBuilder app)
    {
        foreach (string name in Own)
        {
            Map(app, $"/{name}", IsEmbedded(name) ? name : throw new InvalidOperationException($"The program was built without its page {name}."));
        }

        Map(app, "/", "index.html");
        Map(app, $"/{ChartScript}", ChartScript, "// This program was built without the chart library.\n"u8.ToArray());
        Map(app, $"/{ChartStyle}", ChartStyle, []);
    }

    /// <summary>A file's bytes; null when the program was built without it.</summary>
    public static byte[]? Read(string name)
    {
        using Stream? embedded = typeof(PageFiles).Assembly.GetManifestResourceStream(name);
        if (embedded is null)
        {
            return null;
        }

        byte[] content = new byte[embedded.Length];
        embedded.ReadExactly(content);
        return content;
    }

    private static bool IsEmbedded(string name) => typeof(PageFiles).Assembly.GetManifestResourceInfo(name) is not null;

    /// <summary>Copies the file when it is asked for: pages are opened seldom, and the copies of all would be held for ever.</summary>
    private static void Map(IEndpointRouteBuilder app, string path, string name, byte[]? missing = null)
    {
        string type = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            _ => "text/javascript; charset=utf-8",
        };
        app.MapShow(path, context => Answers.WriteAsync(context, type, Read(name) ?? missing ?? []));
    }
}
