using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Node.Host.Twin;
using Node.HubClient;
using Node.Sensors.Bus;

namespace Node.Host.Methods;

/// <summary>
/// Finds the method for a call, <c>component*command</c> or a root command, and always answers: at once where the method does, else when it
/// has ended or its deadline has passed. A slow method holds up neither the hub's turn nor another method.
/// </summary>
internal sealed partial class MethodRouter(IReadOnlyList<IMethodGroup> groups, CommandLedger ledger, TimeProvider time, ILogger logger)
{
    /// <summary>How long a method may take before it is answered with 504; the hub's callers wait 30 s unless told otherwise.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(25);

    /// <summary>Methods that may be under way at a time; further ones are answered with 409.</summary>
    public const int MostUnderWay = 16;

    private const int LongestId = 64;
    private const int LongestReason = 200; // of an answer in the log

    private long _answered;
    private int _underWay;

    /// <summary>Calls answered since the start, refusals counted.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Works one call; <paramref name="answer"/> is called exactly once, before the return or later on any thread.</summary>
    public void Invoke(MethodCall call, string by, Action<MethodResponse> answer)
    {
        long from = time.GetTimestamp();
        Task<MethodResponse> working = Work(call, by);
        if (working.IsCompleted)
        {
            End(working.Result);
            return;
        }

        working.ContinueWith(ended => End(ended.Result), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        void End(MethodResponse response)
        {
            Interlocked.Increment(ref _answered);
            var milliseconds = (long)time.GetElapsedTime(from).TotalMilliseconds;
            string reason = ReasonOf(response);
            LogAnswered(logger, call.Name, by, response.Status, milliseconds, reason);
            answer(response);
        }
    }

    private Task<MethodResponse> Work(MethodCall call, string by)
    {
        if (!TryParse(call.Payload, out JsonNode? payload, out string malformed))
        {
            return Task.FromResult(MethodAnswers.BadPayload($"the payload is no JSON: {malformed}"));
        }

        int mark = call.Name.IndexOf('*', StringComparison.Ordinal);
        string component = mark < 0 ? "" : call.Name[..mark];
        Method? method = mark == 0 ? null : groups.Select(group => group.Find(component, call.Name[(mark + 1)..])).FirstOrDefault(found => found is not null);
        if (method is null)
        {
            return Task.FromResult(MethodAnswers.Error(404, $"there is no method '{call.Name}'; known are {string.Join(", ", groups.SelectMany(group => group.Names))}"));
        }

        JsonNode? id = (payload as JsonObject)?[Payload.CommandId];
        return id is null ? RunAsync(method, payload, by)
            : Payload.Text(id) is { Length: > 0 and <= LongestId } text ? RunOnceAsync(method, call, payload, by, text)
            : Task.FromResult(MethodAnswers.BadPayload($"{Payload.CommandId} is not allowed; allowed is a text of 1 to {LongestId} characters"));
    }

    private async Task<MethodResponse> RunOnceAsync(Method method, MethodCall call, JsonNode? payload, string by, string id)
    {
        string fingerprint = CommandLedger.Fingerprint(call.Name, payload?.ToJsonString() ?? "");
        if (!ledger.TryBegin(id, fingerprint, method.MovesSomething, out Task<MethodResponse>? earlier, out string? refusal))
        {
            return earlier is null ? MethodAnswers.Error(409, refusal!) : await earlier;
        }

        MethodResponse answer = await RunAsync(method, payload, by);
        if (answer.Status is >= 400 and < 500)
        {
            ledger.Forget(id, answer); // Nothing was done, so the same command may be tried again.
        }
        else
        {
            ledger.End(id, answer);
        }

        return answer;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a method throws, its caller gets an answer and the node goes on.")]
    private async Task<MethodResponse> RunAsync(Method method, JsonNode? payload, string by)
    {
        if (Interlocked.Increment(ref _underWay) > MostUnderWay)
        {
            Interlocked.Decrement(ref _underWay);
            return MethodAnswers.Error(409, $"{MostUnderWay} methods are under way; try again when one has ended");
        }

        using var stop = new CancellationTokenSource();
        try
        {
            return await method.Run(new Call(payload, by, stop.Token)).WaitAsync(Deadline, time);
        }
        catch (TimeoutException)
        {
            await stop.CancelAsync();
            return MethodAnswers.Error(504, $"not ended within {Deadline.TotalSeconds:0} s; it may still end");
        }
        catch (Exception failure) when (failure is SensorException or IOException)
        {
            return MethodAnswers.Error(500, failure.Message); // The world's answer, which the line of the call tells.
        }
        catch (Exception failure)
        {
            LogFailed(logger, failure);
            return MethodAnswers.Error(500, failure.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private static bool TryParse(ReadOnlyMemory<byte> json, out JsonNode? payload, out string malformed)
    {
        malformed = "";
        try
        {
            payload = json.IsEmpty ? null : StrictJson.Parse(json.Span);
            return true;
        }
        catch (JsonException reason)
        {
            (payload, malformed) = (null, reason.Message);
            return false;
        }
    }

    /// <summary>Why it was refused, for the log; values that were answered stay out of it.</summary>
    private static string ReasonOf(MethodResponse response)
    {
        if (response.Status < 400)
        {
            return "done";
        }

        string text = (JsonNode.Parse(response.Payload.Span) as JsonObject)?["error"]?.ToString() ?? Encoding.UTF8.GetString(response.Payload.Span);
        return text.Length <= LongestReason ? text : text[..LongestReason] + "…";
    }

    [LoggerMessage(EventId = 140, Level = LogLevel.Information, Message = "Method {Method} called by {By}: {Status} after {Milliseconds} ms, {Reason}")]
    private static partial void LogAnswered(ILogger logger, string method, string by, int status, long milliseconds, string reason);

    [LoggerMessage(EventId = 141, Level = LogLevel.Error, Message = "A method failed")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
