namespace Node.Host.Scanning;

/// <summary>Asks whether something is at an address, in the way that changes no chip's state.</summary>
internal interface IAddressProbe : IDisposable
{
    /// <exception cref="Node.Sensors.Bus.SensorException">The bus itself is at fault; the text says what helps.</exception>
    AddressState Probe(int address);
}
