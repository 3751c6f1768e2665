namespace Node.Host.Neighbours;

/// <summary>What the local broker is told.</summary>
/// <param name="Topic">Without wildcards.</param>
/// <param name="Payload">UTF-8 text.</param>
/// <param name="Retain">Whether the broker keeps it for who comes later.</param>
internal readonly record struct LocalMessage(string Topic, byte[] Payload, bool Retain);
