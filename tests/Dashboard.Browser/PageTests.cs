using System.Text.Json.Nodes;
using Dashboard.Browser.Support;

namespace Dashboard.Browser;

/// <summary>The node's page in a real browser. No visit may send a request elsewhere or leave an error in the console.</summary>
public sealed class PageTests(Support.Browser browser)
{
    private const string WithoutCharts = "This program was built without the chart library: npm was missing or could not reach its registry.";

    [Fact]
    public async Task Values_and_counters_change_by_themselves()
    {
        SkipWithoutBrowser();
        await using RunningPage node = await RunningPage.StartAsync();

        JsonNode found = await Visit.PayAsync("live", node.Url);

        Assert.Equal("Sensor node – sensor node", (string?)found["title"]);
        Assert.InRange((int)found["log"]!, 1, 500);
    }

    [Fact]
    public async Task A_curve_is_drawn_and_is_there_again_after_a_reload()
    {
        SkipWithoutBrowser();
        await using RunningPage node = await RunningPage.StartAsync();
        using (var http = new HttpClient { BaseAddress = new Uri(node.Url) })
        {
            string library = await http.GetStringAsync("uPlot.iife.min.js", TestContext.Current.CancellationToken);
            Assert.SkipUnless(library.Contains("uPlot=", StringComparison.Ordinal), WithoutCharts);
        }

        JsonNode found = await Visit.PayAsync("charts", node.Url);

        Assert.InRange((int)found["before"]!, 20, int.MaxValue);
        Assert.InRange((int)found["after"]!, 20, int.MaxValue);
        Assert.True((bool)found["kept"]!);
    }

    [Fact]
    public async Task At_a_phones_width_nothing_is_cut_off_and_every_control_has_a_label()
    {
        SkipWithoutBrowser();
        await using RunningPage node = await RunningPage.StartAsync();

        JsonNode found = await Visit.PayAsync("phone", node.Url);

        Assert.Equal((375, 375), ((int)found["page"]!, (int)found["window"]!));
        Assert.Equal([], found["wide"]!.AsArray().Select(element => (string?)element));
        Assert.Equal([], found["cut"]!.AsArray().Concat(found["broken"]!.AsArray()).Select(part => (string?)part)); // No column beyond an edge, no cell of the grid in two lines.
        Assert.Equal([], found["unlabelled"]!.AsArray().Select(element => (string?)element));
    }

    [Fact]
    public async Task In_the_dark_the_ground_is_dark_and_the_text_stands_out()
    {
        SkipWithoutBrowser();
        await using RunningPage node = await RunningPage.StartAsync();

        JsonNode found = await Visit.PayAsync("dark", node.Url);

        Assert.InRange((double)found["ground"]!, 0, 0.1);
        Assert.InRange((double)found["text"]!, 7, 21); // WCAG 2.2, 1.4.6 and 1.4.3.
        Assert.InRange((double)found["quiet"]!, 4.5, 21);
    }

    [Fact]
    public async Task Behind_a_path_of_a_proxy_everything_works_too()
    {
        SkipWithoutBrowser();
        await using RunningPage node = await RunningPage.StartAsync();
        await using PrefixProxy proxy = await PrefixProxy.StartAsync(node.Url);

        JsonNode found = await Visit.PayAsync("live", proxy.Url);

        Assert.InRange((int)found["log"]!, 1, 500);
    }

    [Fact]
    public async Task Switches_are_there_with_the_token_only_and_a_wrong_one_switches_nothing()
    {
        SkipWithoutBrowser();
        await using RunningPage node = await RunningPage.StartAsync();

        JsonNode found = await Visit.PayAsync("token", node.Url, RunningPage.Token);

        using var http = new HttpClient { BaseAddress = new Uri(node.Url) };
        Assert.Equal("On", await http.GetStringAsync("actuators/led", TestContext.Current.CancellationToken));
        Assert.Equal((0, false, 1), ((int)found["before"]!, (bool)found["shown"]!, (int)found["kept"]!));
    }

    [Fact]
    public async Task Without_the_chart_library_live_values_stand_in_tables_that_fit_a_phone()
    {
        SkipWithoutBrowser();
        await using RunningPage node = await RunningPage.StartAsync();

        JsonNode found = await Visit.PayAsync("tables", node.Url);

        Assert.Equal(0, (int)found["canvases"]!);
        Assert.Equal([], found["wide"]!.AsArray().Select(element => (string?)element));
        Assert.Equal(["temperature", "humidity", "pressure"], found["quantities"]!.AsArray().Select(name => (string?)name));
        Assert.Matches(@"^[0-9]+\.[0-9]{2} °C$", (string)found["value"]!);
        Assert.Matches(@"^[0-9]+\.[0-9]{2} to [0-9]+\.[0-9]{2}$", (string)found["range"]!);
    }

    [Fact]
    public async Task Names_from_elsewhere_are_text_and_the_place_in_the_fleet_is_shown()
    {
        SkipWithoutBrowser();
        await using RunningPage node = await RunningPage.StartAsync();

        JsonNode found = await Visit.PayAsync("fleet", node.Url);

        Assert.Equal($"fleet {RunningPage.FleetName} · 2ed5a1e8b6f74d0b9d6f8a1e2c3b4a5d · updates may come", (string?)found["fleet"]);
        Assert.Equal((0, false), ((int)found["images"]!, (bool)found["stung"]!));
        Assert.Contains("A month comes to", (string)found["counters"]!, StringComparison.Ordinal);
    }

    private void SkipWithoutBrowser() => Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
}
