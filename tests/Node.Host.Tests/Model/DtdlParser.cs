using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Node.Host.Tests.Model;

/// <summary>Microsoft's DTDL parser, from a locked npm package that is installed once beside the tests.</summary>
public sealed class DtdlParser : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // What npm says when it cannot get through to its registry, as opposed to what is wrong with us.
    private static readonly string[] Unreachable = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT"];

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "dtdl-parser");

    /// <summary>Why it cannot be asked here; null when it can.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (!OnPath("node") || !OnPath("npm"))
        {
            Missing = "Node.js is not installed: neither 'node' nor 'npm' may be missing on the path.";
        }
        else if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@digicatapult", "dtdl-parser", "build")))
        {
            (int exitCode, _, string errors) = await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"], "");
            string? cause = Unreachable.FirstOrDefault(errors.Contains);
            Missing = exitCode == 0 ? null : cause is null ? throw new InvalidOperationException($"npm ci failed:\n{errors}") : $"npm cannot reach its package registry: {cause}.";
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What the parser has against each model, by the model's name; null for one that it accepts.</summary>
    internal static async Task<JsonObject> JudgeAsync(JsonObject models)
    {
        (int exitCode, string output, string errors) = await RunAsync("node", ["parse.mjs"], models.ToJsonString());
        Assert.True(exitCode == 0, errors);
        return JsonNode.Parse(output)!.AsObject();
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
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

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
