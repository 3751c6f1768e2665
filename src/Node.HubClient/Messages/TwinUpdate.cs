namespace Node.HubClient;

/// <summary>What a twin callback holds (<c>DEVICE_TWIN_UPDATE_STATE</c>).</summary>
public enum TwinUpdateState
{
    /// <summary>The whole twin: an object with <c>desired</c> and <c>reported</c>, each with its <c>$version</c>.</summary>
    Complete,

    /// <summary>A patch of the desired section alone, with its <c>$version</c>; null values delete.</summary>
    Partial,
}

/// <summary>
/// Told of desired properties: the whole twin after each connect and after a version gap, patches in between, each version
/// at most once. Runs inside <see cref="IotHubClientLL.DoWork"/>.
/// </summary>
/// <param name="state">Whole twin or patch.</param>
/// <param name="json">UTF-8 JSON, valid during the call only.</param>
/// <param name="context">What was passed along at registration.</param>
public delegate void DeviceTwinCallback(TwinUpdateState state, ReadOnlySpan<byte> json, object? context);

/// <summary>
/// Told how a reported patch ended. Runs inside <see cref="IotHubClientLL.DoWork"/> or <see cref="IotHubClientLL.Dispose"/>.
/// </summary>
/// <param name="statusCode">
/// The hub's own status (204 stored, 400 malformed, 413 too large, 429 throttled, 5xx); 408 when unanswered for 300 s or
/// in flight at dispose; 0 when never sent.
/// </param>
/// <param name="context">What the sender passed along.</param>
public delegate void ReportedStateCallback(int statusCode, object? context);

/// <summary>Told the end of a read of the twin. Runs inside <see cref="IotHubClientLL.DoWork"/> or <see cref="IotHubClientLL.Dispose"/>.</summary>
/// <param name="statusCode">The hub's own status (200 with the twin, 429 throttled, 5xx); 408 when unanswered for 60 s or at dispose; 0 when never sent.</param>
/// <param name="twinJson">The whole twin in UTF-8, <c>{"desired":{…},"reported":{…}}</c>; valid during the call; empty unless the status is 2xx.</param>
/// <param name="context">What the caller passed along.</param>
public delegate void TwinReadCallback(int statusCode, ReadOnlySpan<byte> twinJson, object? context);
