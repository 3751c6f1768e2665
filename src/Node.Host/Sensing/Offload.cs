namespace Node.Host.Sensing;

/// <summary>Starts work on a thread that may block: a chip that holds its bus must hold nobody else's thread. Tests start it where they are.</summary>
internal delegate Task Offload(Func<Task> work);
