using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Node.Host.Twin;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>
/// Sends what the hub's reported section lacks, one patch at a time. A throttled, unanswered or failed one is tried again with growing
/// pauses; one that the hub finds malformed or too large is logged and not repeated. Runs in the hub loop's turns.
/// </summary>
internal sealed partial class ReportedSender
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ReportedDocument _document;
    private readonly IHubClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ReportedStateCallback _ended;
    private int _failures;
    private long _failedAt;

    public ReportedSender(ReportedDocument document, IHubClient client, TimeProvider time, ILogger logger)
    {
        _document = document;
        _client = client;
        _time = time;
        _logger = logger;
        _ended = Ended;
    }

    /// <summary>Told the bytes of each patch that goes out.</summary>
    public Action<int>? Sent { get; set; }

    /// <summary>Whether a patch was handed to the client and has not ended.</summary>
    public bool IsUnderWay => _document.IsUnderWay;

    /// <summary>Sends the difference, when there is one and no pause is on.</summary>
    /// <returns>Whether a patch was handed to the client.</returns>
    public bool SendDifference()
    {
        if (_failures > 0 && _time.GetElapsedTime(_failedAt) < Pause())
        {
            return false;
        }

        JsonObject? patch = _document.TakePatch();
        if (patch is null)
        {
            return false;
        }

        byte[] json = Encoding.UTF8.GetBytes(patch.ToJsonString());
        bool accepted = _client.SendReportedState(json, _ended, patch) == IotHubClientResult.Ok;
        if (accepted)
        {
            Sent?.Invoke(json.Length);
        }
        else
        {
            _document.End(patch, held: false);
            Failed();
        }

        return accepted;
    }

    /// <summary>A new connection begins without the pauses of the last one.</summary>
    public void Restart() => _failures = 0;

    private void Ended(int status, object? context)
    {
        var patch = (JsonObject)context!;
        bool retry = status is 0 or 408 or 429 or >= 500;
        _document.End(patch, held: !retry);
        if (retry)
        {
            Failed();
            LogRetry(_logger, status, Pause().TotalSeconds);
            return;
        }

        _failures = 0;
        if (status is < 200 or >= 300)
        {
            LogRefused(_logger, status, patch.ToJsonString());
        }
    }

    private void Failed()
    {
        _failures++;
        _failedAt = _time.GetTimestamp();
    }

    private TimeSpan Pause()
    {
        TimeSpan pause = FirstPause * Math.Pow(2, Math.Clamp(_failures - 1, 0, 16));
        return pause < LongestPause ? pause : LongestPause;
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "The hub did not store reported properties (status {Status}); next attempt in {Seconds} s")]
    private static partial void LogRetry(ILogger logger, int status, double seconds);

    [LoggerMessage(EventId = 121, Level = LogLevel.Error, Message = "The hub refuses reported properties (status {Status}) and shows old ones from now on: {Patch}")]
    private static partial void LogRefused(ILogger logger, int status, string patch);
}
