namespace Node.Host.Spool;

/// <summary>A run of the node.</summary>
/// <param name="Id">The first part of its message ids.</param>
/// <param name="Kernel">The run of the machine that it is part of, whose monotonic clock all its programs share; null when it is not known.</param>
internal sealed record SpoolBoot(string Id, string? Kernel);
