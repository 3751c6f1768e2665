using System.Device.I2c;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>
/// One I2C bus with its lock and its multiplexers. A channel is selected anew before every transfer behind it, because a multiplexer that
/// lost its supply has forgotten it; a channel that was left open is closed before a transfer that goes elsewhere.
/// </summary>
internal sealed class SharedI2cBus(int busId, IBusProvider buses, int clockHertz, BusLoadMeter load) : IDisposable
{
    private const int SelectAttempts = 3;
    private const byte NoChannel = 0;

    private readonly Dictionary<int, I2cDevice> _muxes = [];
    private readonly Lock _wire = new();
    private int? _open;

    public I2cDevice Open(int address, I2cMuxChannel? mux) => new SharedI2cDevice(this, buses.OpenI2c(busId, address), mux);

    /// <summary>One transfer, with the select before it, that nothing comes between.</summary>
    /// <param name="device">The chip.</param>
    /// <param name="mux">The channel that it hangs behind.</param>
    /// <param name="written">How many bytes go out, or −1 when nothing is written.</param>
    /// <param name="read">How many bytes come back, or −1 when nothing is read.</param>
    /// <param name="state">What <paramref name="transfer"/> needs.</param>
    /// <param name="transfer">Does it.</param>
    public void Transfer<TState>(I2cDevice device, I2cMuxChannel? mux, int written, int read, TState state, Action<I2cDevice, TState> transfer)
        where TState : allows ref struct
    {
        lock (_wire)
        {
            if (_open is { } other && other != mux?.Address) { Deselect(other); }

            if (mux is { } channel) { Select(channel); }

            bool ended = false;
            try
            {
                transfer(device, state);
                ended = true;
            }
            finally
            {
                Count(device.ConnectionSettings.DeviceAddress, mux, written, read, ended);
            }
        }
    }

    public void Dispose()
    {
        lock (_wire)
        {
            foreach (I2cDevice mux in _muxes.Values) { mux.Dispose(); }

            _muxes.Clear();
        }
    }

    private void Select(I2cMuxChannel channel)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                _open = channel.Address;
                Write(channel.Address, (byte)(1 << channel.Channel));
                return;
            }
            catch (IOException failure)
            {
                SensorException fault = Errno.DuringTransfer(failure,
                    string.Create(CultureInfo.InvariantCulture, $"{I2cAddress.Place(busId, channel.Address)} (multiplexer, channel {channel.Channel})"));
                if (attempt >= SelectAttempts || !fault.IsTransient) { throw fault; }
            }
        }
    }

    /// <summary>A multiplexer that does not answer connects nothing, so the bus is free of what was behind it.</summary>
    private void Deselect(int address)
    {
        try
        {
            Write(address, NoChannel);
            _open = null;
        }
        catch (IOException failure)
        {
            SensorException fault = Errno.DuringTransfer(failure, I2cAddress.Place(busId, address));
            if (fault.Fault != SensorFault.NoAcknowledge) { throw fault; }

            _open = null;
        }
    }

    private void Write(int address, byte control)
    {
        if (!_muxes.TryGetValue(address, out I2cDevice? mux))
        {
            mux = buses.OpenI2c(busId, address);
            _muxes.Add(address, mux);
        }

        Errno.Clear();
        bool ended = false;
        try
        {
            mux.WriteByte(control);
            ended = true;
        }
        finally
        {
            Count(address, null, written: 1, read: -1, ended);
        }
    }

    private void Count(int address, I2cMuxChannel? mux, int written, int read, bool ended)
    {
        string device = mux is { } channel
            ? string.Create(CultureInfo.InvariantCulture, $"0x{address:X2} behind 0x{channel.Address:X2} channel {channel.Channel}")
            : string.Create(CultureInfo.InvariantCulture, $"0x{address:X2}");
        long bits = ended ? I2cWireTime.Bits(written, read) : I2cWireTime.RefusedBits;
        load.Count(string.Create(CultureInfo.InvariantCulture, $"i2c-{busId}"), device, bits, clockHertz, ended);
    }
}
