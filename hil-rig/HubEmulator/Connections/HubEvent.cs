namespace HubEmulator;

/// <summary>A connection that came, went or was refused, or a fault that began or ended.</summary>
/// <param name="SequenceNumber">Counts the events of the hub from 1, without gaps.</param>
/// <param name="Time">When, by the hub's clock.</param>
/// <param name="Kind">What happened.</param>
/// <param name="DeviceId">The device, or <c>{device}/{module}</c>; for a refused CONNECT what it claimed to be, at most 256 characters; <c>*</c> for a fault that hits all.</param>
/// <param name="Detail">Why, for people; empty for a connection that came.</param>
public sealed record HubEvent(long SequenceNumber, DateTimeOffset Time, HubEventKind Kind, string DeviceId, string Detail);
