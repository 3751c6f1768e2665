using System.Runtime.InteropServices;

namespace Node.Host.Machine;

/// <summary>Whether a folder takes files, asked without writing one: a health check every few seconds must not wear the card.</summary>
internal static partial class FolderAccess
{
    private const int WriteAndEnter = 2 | 1; // W_OK | X_OK, access(2)

    /// <summary>False where the user may not write, the file system is mounted read-only (as a card does that fails), or the folder is gone.</summary>
    public static bool IsWritable(string folder) => OperatingSystem.IsWindows() ? Directory.Exists(folder) : Access(folder, WriteAndEnter) == 0;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
