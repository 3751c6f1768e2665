namespace Hub.Benchmarks;

/// <summary>The hub's process at an instant.</summary>
/// <param name="Resident">Resident memory in bytes.</param>
/// <param name="Heap">Managed bytes that are held, after a collection.</param>
/// <param name="Allocated">Managed bytes allocated since its start.</param>
/// <param name="Cpu">Processor time since its start.</param>
/// <param name="Received">Telemetry taken in since its start.</param>
internal sealed record HubState(long Resident, long Heap, long Allocated, TimeSpan Cpu, long Received);
