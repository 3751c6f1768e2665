using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;
using Node.HubClient;

namespace Node.Host.Methods;

/// <summary>
/// Which command ids were seen and how each was answered, so that a repetition gets the same answer and is not carried out again. The
/// newest 256 are in memory; those of methods that move something are on the disk too, before they are carried out. Any thread.
/// </summary>
internal sealed partial class CommandLedger
{
    public const int MostEntries = 256;

    private const int MostOnDisk = 64;
    private const int LongestPayloadOnDisk = 2_048;

    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly ILogger _logger;
    private readonly List<Entry> _entries = [];

    public CommandLedger(string file, ILogger logger)
    {
        _file = file;
        _logger = logger;
        try
        {
            CommandLedgerLine[] kept = File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), CommandLedgerJson.Default.CommandLedgerLineArray) ?? [] : [];
            _entries.AddRange(kept.Contains(null) ? throw new JsonException("a command is null") : kept.Select(Entry.Of));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            LogUnreadable(logger, file, unreadable.Message);
        }
    }

    /// <summary>Tells what a call identifies.</summary>
    public static string Fingerprint(string method, string payload) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{method}\n{payload}")), 0, 12);

    /// <summary>Begins a command.</summary>
    /// <param name="id">The caller's command id.</param>
    /// <param name="fingerprint">What the call is.</param>
    /// <param name="durable">Whether it must be remembered over a restart.</param>
    /// <param name="earlier">The answer of the earlier call of this id, now or in a while; null when it is new.</param>
    /// <param name="refusal">Why it must not be carried out; null when it may.</param>
    /// <returns>Whether it is to be carried out and ended with <see cref="End"/>.</returns>
    public bool TryBegin(string id, string fingerprint, bool durable, out Task<MethodResponse>? earlier, out string? refusal)
    {
        lock (_gate)
        {
            Entry? known = _entries.Find(entry => entry.Id == id);
            earlier = known is not null && known.Fingerprint == fingerprint ? known.Answer.Task : null;
            refusal = known is not null && earlier is null ? $"the command id '{id}' was used for another command; every command needs its own" : null;
            if (known is not null)
            {
                return false;
            }

            var entry = new Entry(id, fingerprint, durable);
            _entries.Add(entry);
            if (durable && !TryWrite(out string reason))
            {
                _entries.Remove(entry);
                refusal = $"the command id could not be recorded, so nothing was done: {reason}";
                return false;
            }

            Trim();
            return true;
        }
    }

    /// <summary>Ends a command with its answer.</summary>
    public void End(string id, MethodResponse answer)
    {
        lock (_gate)
        {
            Entry? entry = _entries.Find(candidate => candidate.Id == id);
            entry?.Answer.TrySetResult(answer);
            if (entry is { IsDurable: true } && !TryWrite(out string reason))
            {
                LogNotWritten(_logger, _file, reason);
            }
        }
    }

    /// <summary>Ends a command that was refused and has changed nothing: whoever waits for it is answered, a later call is a new one.</summary>
    public void Forget(string id, MethodResponse refusal)
    {
        lock (_gate)
        {
            if (_entries.Find(candidate => candidate.Id == id) is not { } entry)
            {
                return;
            }

            entry.Answer.TrySetResult(refusal);
            _entries.Remove(entry);
            if (entry.IsDurable && !TryWrite(out string reason))
            {
                LogNotWritten(_logger, _file, reason);
            }
        }
    }

    private void Trim()
    {
        while (_entries.Count > MostEntries && _entries.FindIndex(entry => entry.Answer.Task.IsCompleted) is >= 0 and var oldest)
        {
            _entries.RemoveAt(oldest);
        }
    }

    private bool TryWrite(out string reason)
    {
        try
        {
            CommandLedgerLine[] lines = [.. _entries.Where(entry => entry.IsDurable).TakeLast(MostOnDisk).Select(entry => entry.Line)];
            DurableFile.Replace(_file, JsonSerializer.Serialize(lines, CommandLedgerJson.Default.CommandLedgerLineArray));
            reason = "";
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            reason = refused.Message;
            return false;
        }
    }

    [LoggerMessage(EventId = 142, Level = LogLevel.Warning, Message = "{File} cannot be read; a command repeated since the last run is carried out again: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string file, string reason);

    [LoggerMessage(EventId = 143, Level = LogLevel.Error, Message = "{File} cannot be written: {Reason}")]
    private static partial void LogNotWritten(ILogger logger, string file, string reason);

    private sealed class Entry(string id, string fingerprint, bool durable)
    {
        public string Id => id;

        public string Fingerprint => fingerprint;

        public bool IsDurable => durable;

        public TaskCompletionSource<MethodResponse> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CommandLedgerLine Line => Answer.Task.IsCompletedSuccessfully && Answer.Task.Result is var answer && answer.Payload.Length <= LongestPayloadOnDisk
            ? new CommandLedgerLine(id, fingerprint, answer.Status, Encoding.UTF8.GetString(answer.Payload.Span))
            : new CommandLedgerLine(id, fingerprint, 0, null);

        public static Entry Of(CommandLedgerLine line)
        {
            var entry = new Entry(line.Id, line.Fingerprint, durable: true);
            entry.Answer.SetResult(line.Status != 0
                ? new MethodResponse(line.Status, Encoding.UTF8.GetBytes(line.Payload ?? "null"))
                : MethodAnswers.Error(500, "the node ended while this command was being carried out, so its outcome is not known; read the state and use a new command id"));
            return entry;
        }
    }
}

/// <summary>A command on the disk; status 0 while it is being carried out.</summary>
internal sealed record CommandLedgerLine(string Id, string Fingerprint, int Status, string? Payload);

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CommandLedgerLine[]))]
internal sealed partial class CommandLedgerJson : JsonSerializerContext;
