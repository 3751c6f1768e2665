using System.Device.Gpio;

namespace Node.Sensors.Bus.Remote;

/// <summary>One pin that this program has asked for, and what it must be again after a lost connection.</summary>
internal sealed class RemotePin
{
    /// <summary>The mode asked for, or <see langword="null"/> as long as the pin is left as it is.</summary>
    public PinMode? Mode { get; set; }

    /// <summary>The level last written, or <see langword="null"/>.</summary>
    public PinValue? Level { get; set; }

    /// <summary>Whether the other end holds the pin for this program. Not after a reconnect as long as another one has it.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Listens to the edges while somebody wants them.</summary>
    public RemotePinWatch? Watch { get; set; }
}
