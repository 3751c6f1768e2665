using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;
using Node.Host.Logging;

namespace Node.Host.Diagnostics;

/// <summary>What somebody far away needs to understand a node, without secrets: a <c>.tar.gz</c> of some 100 KB at most.</summary>
internal sealed class SupportBundle(IConfiguration configuration, LogRing logs, Func<byte[]> status, string version, TimeProvider time, Func<byte[]>? buses = null)
{
    private const int MostConfigurationLines = 5_000;

    /// <summary>Makes the archive: <c>status.json</c>, <c>config.txt</c>, <c>log.txt</c>, <c>versions.txt</c>, and <c>buses.json</c> with what is on the I2C buses.</summary>
    public byte[] Create()
    {
        using var archive = new MemoryStream();
        using (var packed = new GZipStream(archive, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(packed, TarEntryFormat.Pax))
        {
            Add(tar, "status.json", status());
            Add(tar, "config.txt", Encoding.UTF8.GetBytes(ConfigurationText()));
            Add(tar, "log.txt", Encoding.UTF8.GetBytes(string.Join('\n', logs.Entries.Select(LineOf)) + "\n"));
            Add(tar, "versions.txt", Encoding.UTF8.GetBytes(VersionsText()));
            if (buses is not null)
            {
                Add(tar, "buses.json", buses());
            }
        }

        return archive.ToArray();
    }

    /// <summary>A log line in the form that edge agents use: <c>&lt;6&gt; 2026-03-01 12:00:00.000 +00:00 [category] text</c>.</summary>
    public static string LineOf(LogEntry entry) => $"<{entry.Severity}> {entry.At:yyyy-MM-dd HH:mm:ss.fff zzz} [{entry.Category}] {entry.Text}";

    private void Add(TarWriter tar, string name, byte[] content)
    {
        using var data = new MemoryStream(content);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data, ModificationTime = time.GetUtcNow() });
    }

    private string ConfigurationText()
    {
        IReadOnlySet<string> unknown = NodeOptionsReader.Read(configuration, AppContext.BaseDirectory).Unknown;
        return string.Concat(configuration.AsEnumerable()
            .Where(pair => pair.Value is not null && (pair.Key.StartsWith("Node:", StringComparison.OrdinalIgnoreCase) || pair.Key.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase)))
            .OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
            .Take(MostConfigurationLines)
            .Select(pair => $"{pair.Key} = {(unknown.Contains(pair.Key) ? EffectiveSetting.Hidden : EffectiveSetting.Shown(pair.Key, pair.Value))}\n"));
    }

    private string VersionsText() =>
        $"sensornode {version}\n.NET {Environment.Version}\n{System.Runtime.InteropServices.RuntimeInformation.OSDescription}\n{System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}\n";
}
