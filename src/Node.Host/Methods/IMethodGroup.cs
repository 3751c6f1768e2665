using System.Text.Json.Nodes;
using Node.HubClient;

namespace Node.Host.Methods;

/// <summary>Methods that belong together: those of actuators, of sensors, of the node.</summary>
internal interface IMethodGroup
{
    /// <summary>The names under which its methods can be called now.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Finds a method.</summary>
    /// <param name="component">The component before the star; empty for the root form.</param>
    /// <param name="command">The command's name.</param>
    /// <returns>null when this group has no such method.</returns>
    Method? Find(string component, string command);
}

/// <summary>A method that was found.</summary>
/// <param name="Run">Works a call; what it throws is answered with 500.</param>
/// <param name="MovesSomething">Whether a repetition would do harm, so that a command id is remembered over a restart.</param>
internal sealed record Method(Func<Call, Task<MethodResponse>> Run, bool MovesSomething = false)
{
    /// <summary>A method that answers at once.</summary>
    public static Method AtOnce(Func<Call, MethodResponse> run, bool movesSomething = false) => new(call => Task.FromResult(run(call)), movesSomething);
}

/// <summary>One call.</summary>
/// <param name="Payload">The payload; null when there was none.</param>
/// <param name="By">Who calls: <c>hub</c> or <c>http</c>.</param>
/// <param name="Stop">Cancelled when the deadline has passed.</param>
internal sealed record Call(JsonNode? Payload, string By, CancellationToken Stop);
