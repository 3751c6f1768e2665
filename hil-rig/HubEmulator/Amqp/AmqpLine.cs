using System.IO.Pipelines;

namespace HubEmulator.Amqp;

/// <summary>A connection that carries AMQP, whatever is beneath it.</summary>
/// <param name="Pipe">Its bytes.</param>
/// <param name="Abort">Drops it at once.</param>
internal sealed record AmqpLine(IDuplexPipe Pipe, Action Abort);
