using System.Device.I2c;
using Node.Sensors.Bus;

namespace Node.Host.Scanning;

/// <summary>The probe over any provider's bus: a write of nothing.</summary>
internal sealed class TransferProbe(IBusProvider buses, int bus) : IAddressProbe
{
    public AddressState Probe(int address)
    {
        using I2cDevice device = buses.OpenI2c(bus, address);
        try
        {
            device.Write([]);
            return AddressState.Answers;
        }
        catch (IOException)
        {
            return AddressState.Silent; // A stuck bus shows as silence, as in i2cdetect; a configured chip then shows as absent.
        }
    }

    public void Dispose()
    {
    }
}
