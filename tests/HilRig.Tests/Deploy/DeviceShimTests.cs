using System.Diagnostics;
using HilRig.Bench;
using HilRig.Shim;

namespace HilRig.Tests.Deploy;

/// <summary>The device shim is test equipment: nothing that ships may hold it.</summary>
public sealed class DeviceShimTests
{
    private static readonly string Dockerfile = File.ReadAllText(Repository.PathOf("deploy", "balena", "Dockerfile"));

    [Fact]
    public async Task A_publish_folder_with_the_shim_fails_the_publish()
    {
        using var folder = new TemporaryFolder("hilrig-test-");
        string deep = Directory.CreateDirectory(Path.Combine(folder.Path, "native")).FullName;
        await File.WriteAllTextAsync(Path.Combine(deep, ShimLibrary.FileName), "", TestContext.Current.CancellationToken);

        (int exitCode, string output) = await CheckAsync(folder.Path);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("test equipment", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_publish_folder_without_it_passes()
    {
        using var folder = new TemporaryFolder("hilrig-test-");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "sensornode"), "", TestContext.Current.CancellationToken);

        (int exitCode, string output) = await CheckAsync(folder.Path);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void The_image_is_built_from_the_sources_alone_and_looked_at_before_it_is_assembled()
    {
        string[] lines = [.. Dockerfile.Split('\n').Select(static line => line.Trim())];
        string look = Assert.Single(lines, static line => line.Contains("find /publish -name '*sensornode-shim*'", StringComparison.Ordinal));

        Assert.Contains("exit 1", look, StringComparison.Ordinal);
        Assert.True(Array.IndexOf(lines, look) > Array.FindLastIndex(lines, static line => line.Contains(" /publish/ ", StringComparison.Ordinal) && line.Contains("cp ", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, static line => line.StartsWith("COPY", StringComparison.Ordinal) && line.Contains("hil-rig", StringComparison.Ordinal));
        Assert.Contains("hil-rig", File.ReadAllLines(Repository.PathOf(".dockerignore")));
    }

    [Fact]
    public async Task The_look_at_the_image_finds_the_shim()
    {
        using var folder = new TemporaryFolder("hilrig-test-");
        string look = Dockerfile.Split('\n').Single(static line => line.Contains("-name '*sensornode-shim*'", StringComparison.Ordinal));
        string command = look.Trim().TrimStart('&', ' ').TrimEnd('\\', ' ').Replace("/publish", folder.Path, StringComparison.Ordinal);

        (int clean, _) = await RunAsync("/bin/sh", "-c", command);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, ShimLibrary.FileName), "", TestContext.Current.CancellationToken);
        (int tainted, string output) = await RunAsync("/bin/sh", "-c", command);

        Assert.Equal(0, clean);
        Assert.Equal(1, tainted);
        Assert.Contains("must never ship", output, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> CheckAsync(string folder) => RunAsync(
        NodeProgram.At(typeof(DeviceShimTests).Assembly.Location).File, "msbuild", Repository.PathOf("src", "Node.Host", "Node.Host.csproj"), "-nologo", "-nodeReuse:false", "-t:RefuseDeviceShim", $"-p:PublishDir={folder}/");

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
