using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Dashboard.Browser.Support;

/// <summary>One visit of the page by a browser with a profile of its own.</summary>
internal static class Visit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3); // a busy machine included

    /// <summary>Does <paramref name="what"/> there, and checks what holds for every visit: no request left the node, and nothing was complained about.</summary>
    /// <returns>What the script found.</returns>
    public static async Task<JsonNode> PayAsync(string what, string url, string token = "")
    {
        string profile = Directory.CreateTempSubdirectory("sensornode-browser-").FullName;
        var start = new ProcessStartInfo("node", [Path.Combine(Browser.Folder, "scripts", "visit.mjs"), what, url, Browser.Program!, profile, token])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process script = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            Task<string> errors = script.StandardError.ReadToEndAsync(limit.Token);
            string output = await script.StandardOutput.ReadToEndAsync(limit.Token);
            await script.WaitForExitAsync(limit.Token);
            string line = output.Split('\n').LastOrDefault(line => line.StartsWith('{')) ?? throw new InvalidOperationException($"{what}: the script found nothing.\n{output}\n{await errors}");
            JsonNode found = JsonNode.Parse(line)!;
            Assert.True(found["failed"] is null, $"{what}: {found["failed"]}");
            Assert.Equal([], found["strangers"]!.AsArray().Select(stranger => (string?)stranger));
            Assert.Equal([], found["errors"]!.AsArray().Select(error => (string?)error));
            return found;
        }
        finally
        {
            if (!script.HasExited)
            {
                script.Kill(entireProcessTree: true);
            }

            Directory.Delete(profile, recursive: true);
        }
    }
}
