using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using HilRig.Bench;
using YamlDotNet.RepresentationModel;

namespace HilRig.Tests.Deploy;

/// <summary>What the fleet's files say must be true of this repository and legal at balena.</summary>
public sealed partial class BalenaTests
{
    // Refused by balena's parser, or silently dropped by it.
    private static readonly string[] ForbiddenKeys =
    [
        "blkio_config", "configs", "container_name", "cpu_count", "cpu_percent", "cpu_period", "cpus", "credential_spec", "deploy", "develop",
        "env_file", "expose", "external_links", "gpus", "isolation", "links", "logging", "mem_swappiness", "memswap_limit", "oom_kill_disable",
        "platform", "privileged", "profiles", "pull_policy", "runtime", "scale", "secrets", "stdin_open", "storage_opt", "tty", "volumes_from",
    ];

    private static readonly string[] KnownLabels =
    [
        "io.balena.update.strategy", "io.balena.update.handover-timeout", "io.balena.features.supervisor-api", "io.balena.features.balena-api",
        "io.balena.features.dbus", "io.balena.features.sysfs", "io.balena.features.procfs", "io.balena.features.kernel-modules",
        "io.balena.features.journal-logs", "io.balena.features.optional",
    ];

    private static readonly string[] SixtyFourBitPis =
    [
        "raspberrypi3-64", "raspberrypi4-64", "raspberrypi400-64", "raspberrypi5", "raspberrypi0-2w-64", "raspberrypicm4-ioboard",
    ];

    private static readonly string Compose = Read("docker-compose.yml");
    private static readonly string Dockerfile = Read("Dockerfile");

    private static YamlMappingNode Service => Map(Map(Parse(Compose), "services"), "sensornode");

    [Fact]
    public void Compose_is_of_the_version_balena_reads_and_uses_nothing_it_refuses()
    {
        YamlMappingNode root = Parse(Compose);

        Assert.Equal("2.4", Text(root, "version"));
        Assert.Empty(Keys(Service).Intersect(ForbiddenKeys));
        Assert.Equal(["context", "dockerfile"], Keys(Map(Service, "build")).Order());
        Assert.DoesNotContain("${", Compose, StringComparison.Ordinal);
        Assert.DoesNotContain("..", Text(Map(Service, "build"), "context"), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_known_and_texts()
    {
        Assert.All(Map(Service, "labels").Children, label =>
        {
            Assert.Contains(((YamlScalarNode)label.Key).Value, KnownLabels);
            Assert.Equal(YamlDotNet.Core.ScalarStyle.SingleQuoted, Assert.IsType<YamlScalarNode>(label.Value).Style);
        });
    }

    [Fact]
    public void The_node_is_neither_root_nor_the_user_whose_locks_the_supervisor_deletes()
    {
        string user = Text(Service, "user").Split(':')[0];

        Assert.Matches("^[0-9]+$", user);
        Assert.NotEqual("0", user);
        Assert.NotEqual("65534", user);
        Assert.Contains($"USER {user}:", Dockerfile, StringComparison.Ordinal);
        Assert.Contains($"--chown={user}:", Dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public void The_volume_is_declared_and_mounted_where_the_node_keeps_its_data()
    {
        string mount = Assert.Single(List(Service, "volumes"));

        Assert.Equal("node-data:/data", mount);
        Assert.Contains("node-data", Keys(Map(Parse(Compose), "volumes")));
        Assert.Contains("Node__DataFolder=/data", Dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_port_is_the_one_the_node_listens_on()
    {
        string[] ports = Assert.Single(List(Service, "ports")).Split(':');

        Assert.Equal(["80", "8080"], ports);
        Assert.Contains($"Node__Http__Port={ports[1]}", Dockerfile, StringComparison.Ordinal);
        Assert.Contains("Node__Http__Address=0.0.0.0", Dockerfile, StringComparison.Ordinal);
        Assert.Contains($"EXPOSE {ports[1]}", Dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public void The_dockerfile_builds_and_starts_what_exists()
    {
        string project = ProjectPath().Match(Dockerfile).Groups["path"].Value;

        Assert.True(File.Exists(Repository.PathOf(project)), project);
        Assert.Contains("<AssemblyName>sensornode</AssemblyName>", File.ReadAllText(Repository.PathOf(project)), StringComparison.Ordinal);
        Assert.Contains("ENTRYPOINT [\"/app/sensornode\"]", Dockerfile, StringComparison.Ordinal);
        Assert.Contains("CMD [\"/app/sensornode\", \"health\"]", Dockerfile, StringComparison.Ordinal);
        Assert.Equal(["CMD", "/app/sensornode", "health"], List(Map(Service, "healthcheck"), "test"));
    }

    [Fact]
    public void The_final_stage_has_no_run_so_that_any_machine_can_assemble_it()
    {
        string final = Dockerfile[Dockerfile.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];

        Assert.StartsWith("\nFROM mcr.microsoft.com/dotnet/runtime-deps:10.0", final, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^RUN ", final);
        Assert.DoesNotContain("%%", Dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public void The_release_has_the_version_of_the_program_and_runs_on_64_bit_pis()
    {
        YamlMappingNode contract = Parse(Read("balena.yml"));
        string version = typeof(NodeProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

        Assert.Equal("sw.application", Text(contract, "type"));
        Assert.Equal(version, Text(contract, "version"));
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+$", version);
        string[] types = List(Map(contract, "data"), "supportedDeviceTypes");
        Assert.Subset(SixtyFourBitPis.ToHashSet(), types.ToHashSet());
        Assert.Contains(Text(Map(contract, "data"), "defaultDeviceType"), types);
    }

    [Fact]
    public async Task What_is_staged_holds_everything_the_dockerfile_copies()
    {
        using var folder = new TemporaryFolder("hilrig-test-");
        string target = Path.Combine(folder.Path, "push");

        await RunAsync(Repository.PathOf("deploy", "balena", "stage"), target);

        Assert.True(File.Exists(Path.Combine(target, Text(Map(Service, "build"), "dockerfile"))));
        Assert.True(File.Exists(Path.Combine(target, "docker-compose.yml")));
        Assert.True(File.Exists(Path.Combine(target, "balena.yml")));
        Assert.True(File.Exists(Path.Combine(target, ".dockerignore")));
        string[] sources = [.. CopyLine().Matches(Dockerfile).SelectMany(copy => copy.Groups["sources"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.True(Path.Exists(Path.Combine(target, source)), source));
    }

    private static async Task RunAsync(string program, string argument)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, errors);
    }

    private static string Read(string name) => File.ReadAllText(Repository.PathOf("deploy", "balena", name));

    private static YamlMappingNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node[key];

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static string[] List(YamlMappingNode node, string key) => [.. ((YamlSequenceNode)node[key]).Select(item => ((YamlScalarNode)item).Value!)];

    private static IEnumerable<string> Keys(YamlMappingNode node) => node.Children.Keys.Select(key => ((YamlScalarNode)key).Value!);

    [GeneratedRegex("dotnet publish (?<path>\\S+\\.csproj)", RegexOptions.ExplicitCapture)]
    private static partial Regex ProjectPath();

    [GeneratedRegex("(?m)^COPY (?!--from)(?<sources>.+) \\S+$", RegexOptions.ExplicitCapture)]
    private static partial Regex CopyLine();
}
