using System.Text.Json;

namespace HilRig.Reports;

/// <summary>What a run came to, as a JSON file for scripts.</summary>
internal static class SummaryFile
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes it, making its folder where that is missing.</summary>
    /// <exception cref="RigException">The file cannot be written.</exception>
    public static void Write<T>(string file, T summary)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }
            File.WriteAllText(file, JsonSerializer.Serialize(summary, Web) + "\n");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RigException(RigFault.UnusableInput, $"{file}: the summary cannot be written here ({fault.Message})", fault);
        }
    }
}
