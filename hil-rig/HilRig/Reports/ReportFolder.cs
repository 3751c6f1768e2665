using System.Text;

namespace HilRig.Reports;

/// <summary>Writes <c>junit.xml</c> and <c>report.html</c> into a folder that it makes when absent.</summary>
internal static class ReportFolder
{
    /// <exception cref="RigException">The folder cannot be made or written.</exception>
    public static void Write(string folder, IReadOnlyList<ScenarioResult> results)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using (FileStream junit = File.Create(Path.Combine(folder, "junit.xml")))
            {
                JunitReport.Build(results).Save(junit);
            }
            File.WriteAllText(Path.Combine(folder, "report.html"), HtmlReport.Build(results), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RigException(RigFault.UnusableInput, $"{folder}: the report cannot be written here ({fault.Message})", fault);
        }
    }
}
