using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>The arrows between the projects, as they were compiled and as the project files ask for them.</summary>
public sealed class DependencyTests
{
    // What each of our assemblies may know of ours. The rig starts the node as a process and never loads it.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Node.HubClient"] = [],
        ["Node.Sensors"] = [],
        ["sensornode"] = ["Node.HubClient", "Node.Sensors"],
        ["HubEmulator"] = [],
        ["hilrig"] = ["HubEmulator", "Node.Sensors"],
    };

    public static TheoryData<string> Assemblies => [.. Allowed.Keys];

    [Theory, MemberData(nameof(Assemblies))]
    public void An_assembly_refers_only_to_ours_that_it_may_know(string assembly)
    {
        using var compiled = new CompiledAssembly(assembly);

        Assert.Empty(compiled.References.Intersect(Allowed.Keys).Except(Allowed[assembly]));
    }

    [Fact]
    public void Every_project_of_src_and_hil_rig_is_in_the_table()
    {
        string[] assemblies = [.. ProjectFiles().Select(project => AssemblyName(XDocument.Load(project), project))];

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), assemblies.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Project_files_ask_for_nothing_beyond_the_table()
    {
        foreach (string project in ProjectFiles())
        {
            XDocument file = XDocument.Load(project);
            IEnumerable<string> asked = file.Descendants("ProjectReference")
                .Where(reference => !string.Equals((string?)reference.Attribute("ReferenceOutputAssembly"), "false", StringComparison.OrdinalIgnoreCase))
                .Select(reference => Path.GetFullPath((string)reference.Attribute("Include")!, Path.GetDirectoryName(project)!))
                .Select(target => AssemblyName(XDocument.Load(target), target));

            Assert.Empty(asked.Except(Allowed[AssemblyName(file, project)]));
        }
    }

    [Fact]
    public void The_node_s_program_is_built_beside_the_rig_but_not_referenced()
    {
        XElement reference = Assert.Single(
            XDocument.Load(Repository.PathOf("hil-rig", "HilRig", "HilRig.csproj")).Descendants("ProjectReference"),
            element => ((string)element.Attribute("Include")!).EndsWith("Node.Host.csproj", StringComparison.Ordinal));

        Assert.Equal("false", (string?)reference.Attribute("ReferenceOutputAssembly"));
    }

    [Fact]
    public void Nothing_under_src_names_the_rig()
    {
        foreach (string project in Repository.Projects("src"))
        {
            string text = File.ReadAllText(project);
            Assert.DoesNotContain("hil-rig", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("HilRig", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("HubEmulator", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static IEnumerable<string> ProjectFiles() => Repository.Projects("src").Concat(Repository.Projects("hil-rig"));

    private static string AssemblyName(XDocument project, string path) =>
        project.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(path);
}
