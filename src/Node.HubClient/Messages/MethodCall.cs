namespace Node.HubClient;

/// <summary>A direct method call as it came from the service.</summary>
/// <param name="Name">Method name as received; Plug and Play writes <c>component*command</c>.</param>
/// <param name="Payload">UTF-8 JSON of the caller's payload; empty or <c>null</c> when there was none. At most 128 KB.</param>
public sealed record MethodCall(string Name, ReadOnlyMemory<byte> Payload);

/// <summary>The answer to a direct method call.</summary>
/// <param name="Status">Any integer; by custom an HTTP status. Goes to the caller unchanged.</param>
/// <param name="Payload">UTF-8 JSON, at most 128 KB; empty is sent as the JSON value <c>null</c>.</param>
public readonly record struct MethodResponse(int Status, ReadOnlyMemory<byte> Payload);

/// <summary>Works a direct method and answers it at once. Runs inside <see cref="IotHubClientLL.DoWork"/>: keep it short.</summary>
/// <param name="call">The call.</param>
/// <param name="context">What was passed along at registration.</param>
/// <returns>What the service's caller gets. An exception is answered with status 500.</returns>
public delegate MethodResponse DeviceMethodCallback(MethodCall call, object? context);
