using System.Diagnostics;
using System.Text.Json.Nodes;
using Npm;

namespace Node.Host.Tests.Model;

/// <summary>Microsoft's DTDL parser, from a locked npm package that is installed once beside the tests.</summary>
public sealed class DtdlParser : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "dtdl-parser");

    /// <summary>Why it cannot be asked here; null when it can.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync() => Missing = await NpmFolder.InstallAsync(Folder);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What the parser has against each model, by the model's name; null for one that it accepts.</summary>
    internal static async Task<JsonObject> JudgeAsync(JsonObject models)
    {
        (int exitCode, string output, string errors) = await ParseAsync(models.ToJsonString());
        Assert.True(exitCode == 0, errors);
        return JsonNode.Parse(output)!.AsObject();
    }

    private static async Task<(int ExitCode, string Output, string Errors)> ParseAsync(string input)
    {
        var start = new ProcessStartInfo("node", ["parse.mjs"])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
