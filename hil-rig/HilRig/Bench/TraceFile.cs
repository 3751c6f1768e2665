using Node.Sensors.Emulation;

namespace HilRig.Bench;

/// <summary>Looks at a trace before a node is started with it, so that a bad one is told at once and by its line.</summary>
internal static class TraceFile
{
    /// <summary>What is wrong with the file; null when the emulated chips can follow it.</summary>
    public static string? Fault(string path)
    {
        try
        {
            CsvTrace.Load(path);
            return null;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return fault.Message.ReplaceLineEndings(" ");
        }
    }
}
