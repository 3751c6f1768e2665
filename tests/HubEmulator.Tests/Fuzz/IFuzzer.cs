using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Fuzz;

/// <summary>A family of bad inputs.</summary>
internal interface IFuzzer
{
    /// <summary>Its name in a failure.</summary>
    string Name { get; }

    /// <summary>Inputs that one call of <see cref="PlayAsync"/> sends.</summary>
    int InputsOfRound { get; }

    /// <summary>Sends the inputs of one seed. Whatever the hub does with them, it must answer or end the connection, and soon.</summary>
    Task PlayAsync(TestHub hub, int seed, CancellationToken cancel);
}
