namespace Node.Host.Configuration;

/// <summary>Files that are there whole or not at all, also after a power cut.</summary>
internal static class DurableFile
{
    /// <summary>Writes beside, forces to the disk, then renames over: a reader sees the old text or the new.</summary>
    /// <exception cref="IOException">The disk refuses; the old file is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there; the old file is untouched.</exception>
    public static void Replace(string file, string text)
    {
        string beside = file + ".new";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, file, overwrite: true);
    }
}
