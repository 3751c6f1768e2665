namespace HubEmulator;

/// <summary>A fault as it stands at an instant.</summary>
/// <param name="Id">Its number, from 1 on.</param>
/// <param name="Fault">What was asked for.</param>
/// <param name="State">How far it has got.</param>
/// <param name="Begins">When it begins or began.</param>
/// <param name="Ends">When it ends or ended.</param>
/// <param name="Strikes">How often it has struck: connections, packets or requests, by its kind.</param>
public sealed record HubFaultStatus(long Id, HubFault Fault, HubFaultState State, DateTimeOffset Begins, DateTimeOffset Ends, long Strikes);
