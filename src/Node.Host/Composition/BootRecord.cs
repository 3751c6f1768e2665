using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;

namespace Node.Host.Composition;

/// <summary>
/// Counts starts that did not become good, on the disk: the file <c>boot.json</c> in the data folder. After too many of them the node starts in
/// safe mode, in which it can be reached and told what to do. A start is good when it lasts, and no bad one when it is stopped in order.
/// </summary>
internal sealed partial class BootRecord
{
    private const string FileName = "boot.json";

    private readonly string _file;
    private readonly int _badBefore;
    private string? _notKept;

    private BootRecord(string file, int badBefore, bool isSafeMode) => (_file, _badBefore, IsSafeMode) = (file, badBefore, isSafeMode);

    /// <summary>Whether so many starts before this one were bad that this one must be careful.</summary>
    public bool IsSafeMode { get; }

    /// <summary>Takes this start for a bad one until the contrary is known.</summary>
    /// <param name="dataFolder">Where the record is.</param>
    /// <param name="mostBad">Bad starts in a row that are put up with; 0 for any number.</param>
    public static BootRecord Begin(string dataFolder, int mostBad)
    {
        string file = Path.Combine(dataFolder, FileName);
        int bad = Read(file);
        var record = new BootRecord(file, bad, mostBad > 0 && bad >= mostBad);
        record.Write(bad + 1);
        return record;
    }

    /// <summary>The node has run for long enough, or was told to leave safe mode: the next start is an ordinary one.</summary>
    public void NoteGood() => Write(0);

    /// <summary>The node was stopped in order before its start became good: that says nothing about it.</summary>
    public void NoteStopped() => Write(Math.Min(_badBefore, Read(_file)));

    /// <summary>Says, once there is a log, whether the record could be kept so far.</summary>
    public void Tell(ILogger logger)
    {
        if (_notKept is { } reason)
        {
            LogNotKept(logger, _file, reason);
        }
    }

    private static int Read(string file)
    {
        try
        {
            return File.Exists(file) ? Math.Max(0, JsonSerializer.Deserialize(File.ReadAllBytes(file), BootJson.Default.BootCount)?.Bad ?? 0) : 0;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return 0; // A torn record is no reason not to start as usual.
        }
    }

    private void Write(int bad)
    {
        try
        {
            DurableFile.Replace(_file, JsonSerializer.Serialize(new BootCount(bad), BootJson.Default.BootCount));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            _notKept = refused.Message;
        }
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "Starts cannot be counted in {File}, so there may be no safe mode: {Reason}")]
    private static partial void LogNotKept(ILogger logger, string file, string reason);
}

/// <summary>How many starts in a row were bad.</summary>
internal sealed record BootCount(int Bad);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BootCount))]
internal sealed partial class BootJson : JsonSerializerContext;
