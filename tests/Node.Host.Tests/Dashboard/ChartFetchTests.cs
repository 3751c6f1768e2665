using System.Diagnostics;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Dashboard;

/// <summary>How the build asks npm for the page's charts, with a program in npm's place that counts its calls.</summary>
public sealed class ChartFetchTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fetch_that_failed_is_not_repeated_at_every_build_and_each_build_says_why_there_are_no_charts()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program in npm's place is a shell script");
        using var folder = new TemporaryFolder();
        string npm = Path.Combine(folder.Path, "npm");
        string calls = Path.Combine(folder.Path, "calls");
        await File.WriteAllTextAsync(npm, $"#!/bin/sh\necho called >> '{calls}'\nexit 7\n", Cancelled);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }


        string first = await BuildAsync(folder.Path);
        string second = await BuildAsync(folder.Path);
        int calledInTwoBuilds = Calls(calls);
        string wished = await BuildAsync(folder.Path, "-p:DashboardCharts=true");
        int calledWithWish = Calls(calls);
        File.SetLastWriteTime(Path.Combine(folder.Path, "page", "fetch-failed"), DateTime.UnixEpoch);
        await BuildAsync(folder.Path);

        Assert.Contains("without charts and shows tables: 'npm ci' ended with 7", first, StringComparison.Ordinal);
        Assert.Contains("without charts and shows tables: npm could not fetch them less than an hour ago", second, StringComparison.Ordinal);
        Assert.Contains("'npm ci' ended with 7", wished, StringComparison.Ordinal);
        Assert.Equal((1, 2, 3), (calledInTwoBuilds, calledWithWish, Calls(calls)));
    }

    private static int Calls(string file) => File.ReadAllLines(file).Length;

    private static async Task<string> BuildAsync(string folder, params string[] options)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["msbuild", Repository.Find("src/Node.Host/Node.Host.csproj"), "-t:FetchCharts", "-nologo", $"-p:ChartPackageFolder={Path.Combine(folder, "page")}/", .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process build = Process.Start(start)!;
        Task<string> errors = build.StandardError.ReadToEndAsync(Cancelled);
        string output = await build.StandardOutput.ReadToEndAsync(Cancelled) + await errors;
        await build.WaitForExitAsync(Cancelled);
        Assert.True(build.ExitCode == 0, output);
        return output;
    }
}
