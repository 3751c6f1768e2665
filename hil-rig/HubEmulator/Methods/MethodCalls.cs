using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Identity;

namespace HubEmulator.Methods;

/// <summary>
/// Direct methods under way: publishes <c>$iothub/methods/POST/{name}/?$rid={rid}</c> and matches the answers.
/// An answer that comes late, twice, or from another device finds nobody waiting and is ignored.
/// </summary>
internal sealed class MethodCalls(TimeProvider clock)
{
    /// <summary>The limit of a payload, each way.</summary>
    public const int MostPayloadBytes = 131_072;

    /// <summary>Calls to one device that may be under way at once.</summary>
    public const int MostInFlight = 100;

    /// <summary>A caller's own limit is the sum of both times, so the answer leaves a little before it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<(string DeviceId, string RequestId), TaskCompletionSource<MethodOutcome>> _waiting = new();
    private readonly ConcurrentDictionary<string, int> _inFlight = new(StringComparer.Ordinal);
    private long _lastRequest;

    /// <summary>Waits for the device to be there, calls it, and waits for its answer.</summary>
    public async Task<MethodOutcome> CallAsync(Device device, MethodRequest request, CancellationToken cancellationToken)
    {
        if (_inFlight.AddOrUpdate(device.Id, 1, (_, count) => count + 1) > MostInFlight)
        {
            Leave(device.Id);
            return MethodOutcome.TooManyInFlight;
        }

        string requestId = Interlocked.Increment(ref _lastRequest).ToString("x", CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<MethodOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[(device.Id, requestId)] = answer;
        try
        {
            return await TryDeliverAsync(device, request, requestId, cancellationToken)
                ? await answer.Task.WaitAsync(request.ResponseTimeout - Margin, clock, cancellationToken)
                : MethodOutcome.Offline;
        }
        catch (TimeoutException)
        {
            return MethodOutcome.NoAnswer;
        }
        finally
        {
            _waiting.TryRemove((device.Id, requestId), out _);
            Leave(device.Id);
        }
    }

    /// <summary>Takes a device's answer.</summary>
    public void Answer(string deviceId, string requestId, int status, ReadOnlyMemory<byte> payload)
    {
        if (_waiting.TryRemove((deviceId, requestId), out TaskCompletionSource<MethodOutcome>? answer))
        {
            answer.TrySetResult(TryReadJson(payload.Span, out JsonNode? json) ? MethodOutcome.Answered(status, json) : MethodOutcome.BadAnswer);
        }
    }

    private async Task<bool> TryDeliverAsync(Device device, MethodRequest request, string requestId, CancellationToken cancellationToken)
    {
        string topic = $"$iothub/methods/POST/{request.Name}/?$rid={requestId}";
        if (device.Session.TryCallMethod(topic, request.Payload))
        {
            return true;
        }

        if (request.ConnectTimeout <= TimeSpan.Zero)
        {
            return false;
        }

        using var limit = new CancellationTokenSource(request.ConnectTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            do
            {
                await device.Session.WhenMethodsMayBeTaken(either.Token);
            }
            while (!device.Session.TryCallMethod(topic, request.Payload)); // it may have gone again

            return true;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Leave(string deviceId)
    {
        if (_inFlight.AddOrUpdate(deviceId, 0, (_, count) => count - 1) <= 0)
        {
            _inFlight.TryRemove(KeyValuePair.Create(deviceId, 0));
        }
    }

    private static bool TryReadJson(ReadOnlySpan<byte> utf8, out JsonNode? json)
    {
        json = null;
        try
        {
            json = utf8.Trim(" \t\r\n\0"u8).IsEmpty ? null : SoundJson.Parse(utf8);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
