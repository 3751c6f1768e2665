using Node.HubClient.Features;

namespace Node.HubClient;

/// <summary>
/// The awaitable face of <see cref="IotHubClientLL"/>. The client still moves only inside <see cref="IotHubClientLL.DoWork"/>: tasks end there
/// (or in <see cref="IotHubClientLL.Dispose"/>), cancellations and time-outs included, and their continuations run there, like callbacks. So
/// somebody must go on calling DoWork while they are awaited, and code behind an await must not call it. Giving up a wait does not take back
/// what was accepted.
/// </summary>
public static class IotHubClientTasks
{
    /// <summary>Sends a message and waits for its confirmation.</summary>
    /// <param name="client">The client.</param>
    /// <param name="message">What to send; copied at the call.</param>
    /// <param name="timeout">Longest wait; null for none. Counted by <see cref="HubClientOptions.TimeProvider"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How the message ended.</returns>
    /// <exception cref="HubClientException">Refused: queue full, too large, disposed.</exception>
    /// <exception cref="TimeoutException">No confirmation within the time; the message stays queued or in flight.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; before the call nothing was sent, after it the message stays queued or in flight.</exception>
    public static Task<SendConfirmation> SendEventAsync(
        this IotHubClientLL client, TelemetryMessage message, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        CheckTimeout(timeout);
        ArgumentNullException.ThrowIfNull(message);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<SendConfirmation>(cancellationToken);
        }

        var awaited = new Awaited<SendConfirmation>(client.Awaits);
        return Accept(client, awaited, client.SendEvent(message, static (result, context) => ((Awaited<SendConfirmation>)context!).End(result), awaited), timeout, cancellationToken);
    }

    /// <summary>Sends a patch of the reported section and waits for the hub's answer.</summary>
    /// <param name="client">The client.</param>
    /// <param name="reportedJson">A JSON object in UTF-8; copied at the call.</param>
    /// <param name="timeout">Longest wait; null for none beyond the patch's own 300 s.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The status, as <see cref="ReportedStateCallback"/> has it: 204 when stored.</returns>
    /// <exception cref="HubClientException">Refused: empty, too large, queue full, disposed.</exception>
    /// <exception cref="TimeoutException">No answer within the time; the patch goes on.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the patch goes on unless the token was cancelled before the call.</exception>
    public static Task<int> SendReportedStateAsync(
        this IotHubClientLL client, ReadOnlyMemory<byte> reportedJson, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        CheckTimeout(timeout);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<int>(cancellationToken);
        }

        var awaited = new Awaited<int>(client.Awaits);
        return Accept(client, awaited, client.SendReportedState(reportedJson.Span, static (status, context) => ((Awaited<int>)context!).End(status), awaited), timeout, cancellationToken);
    }

    /// <summary>Reads the whole twin.</summary>
    /// <param name="client">The client.</param>
    /// <param name="timeout">Longest wait; null for none but the request's own 60 s on each connection.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The twin in UTF-8, <c>{"desired":{…},"reported":{…}}</c>.</returns>
    /// <exception cref="HubClientException">Refused, or the hub answered with another status than 2xx; the text names it.</exception>
    /// <exception cref="TimeoutException">No answer within the time.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<byte[]> GetTwinAsync(this IotHubClientLL client, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        CheckTimeout(timeout);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<byte[]>(cancellationToken);
        }

        var awaited = new Awaited<byte[]>(client.Awaits);
        IotHubClientResult accepted = client.GetTwin(static (status, json, context) =>
        {
            var waiting = (Awaited<byte[]>)context!;
            if (status is >= 200 and < 300)
            {
                waiting.End(json.ToArray());
            }
            else
            {
                waiting.Fail(new HubClientException(IotHubClientResult.Error, $"The twin was not read: status {status}."));
            }
        }, awaited);
        return Accept(client, awaited, accepted, timeout, cancellationToken);
    }

    /// <summary>Stores a whole as a blob and waits for the end.</summary>
    /// <param name="client">The client.</param>
    /// <param name="blobName">As with <see cref="IotHubClientLL.UploadToBlob"/>.</param>
    /// <param name="data">The content; not copied, so it must stay as it is until the end.</param>
    /// <param name="timeout">Longest wait; null for none. The upload goes on after it.</param>
    /// <param name="cancellationToken">Ends the wait; the upload goes on.</param>
    /// <returns>The finished upload.</returns>
    /// <exception cref="HubClientException">Refused, or the upload failed; the text says why.</exception>
    /// <exception cref="TimeoutException">No end within the time.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<FileUpload> UploadToBlobAsync(
        this IotHubClientLL client, string blobName, ReadOnlyMemory<byte> data, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        CheckTimeout(timeout);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<FileUpload>(cancellationToken);
        }

        var awaited = new Awaited<FileUpload>(client.Awaits);
        IotHubClientResult accepted = client.UploadToBlob(blobName, data, static (upload, context) =>
        {
            var waiting = (Awaited<FileUpload>)context!;
            if (upload.Result is FileUploadResult.Ok)
            {
                waiting.End(upload);
            }
            else
            {
                waiting.Fail(new HubClientException(IotHubClientResult.Error, $"The upload of {upload.BlobName} failed: {upload.Detail}."));
            }
        }, awaited);
        return Accept(client, awaited, accepted, timeout, cancellationToken);
    }

    private static void CheckTimeout(TimeSpan? timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A time-out is zero or longer; null or Timeout.InfiniteTimeSpan is none.");
        }
    }

    private static Task<T> Accept<T>(IotHubClientLL client, Awaited<T> awaited, IotHubClientResult accepted, TimeSpan? timeout, CancellationToken cancellation)
    {
        if (accepted is not IotHubClientResult.Ok)
        {
            return Task.FromException<T>(new HubClientException(accepted, $"The client refused: {accepted}."));
        }

        client.Awaits.Bound(awaited, timeout == Timeout.InfiniteTimeSpan ? null : timeout, cancellation);
        return awaited.Task;
    }
}
