using Microsoft.Extensions.Configuration;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Doctor;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Doctor;

/// <summary>A machine of files under a folder, on which one check at a time is provoked.</summary>
internal sealed class DoctorRig : IDisposable
{
    public DoctorRig()
    {
        Root = new TemporaryFolder();
        Machine = new MachineView { Root = Root.Path, Variable = name => Variables.GetValueOrDefault(name), ClockState = () => 0, TryOpen = _ => 0, UserOfLine = (_, _) => null };
    }

    public TemporaryFolder Root { get; }

    public Dictionary<string, string> Variables { get; } = [];

    public MachineView Machine { get; set; }

    public static LoadedConfiguration Load(params (string Key, string? Value)[] settings) => Load(out _, settings);

    public static LoadedConfiguration Load(out IConfiguration configuration, params (string Key, string? Value)[] settings)
    {
        configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))).Build();
        return NodeOptionsReader.Read(configuration, Path.GetTempPath());
    }

    /// <summary>Puts a file of the system in place.</summary>
    public void Write(string absolute, string text)
    {
        string path = Machine.PathOf(absolute);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Runs the named one of the checks, as the command would.</summary>
    public static async Task<CheckResult> RunAsync(IEnumerable<DoctorCheck> checks, string name)
    {
        DoctorReport report = await new Examination([checks.Single(check => check.Name == name)], TimeSpan.FromMinutes(1), TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        return report.Checks[0];
    }

    public Task<CheckResult> ConfigurationAsync(string name, params (string Key, string? Value)[] settings)
    {
        LoadedConfiguration loaded = Load(out IConfiguration configuration, settings);
        return RunAsync(new ConfigurationChecks(loaded, configuration, Machine, TimeProvider.System).All(), name);
    }

    public Task<CheckResult> MachineAsync(string name) => RunAsync(new MachineChecks(Machine).All(), name);

    public Task<CheckResult> StorageAsync(string name, NodeOptions options, RunningNode? running = null) => RunAsync(new StorageChecks(options, Machine, running).All(), name);

    public void Dispose() => Root.Dispose();
}
