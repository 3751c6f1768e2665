using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Node.Host.Machine;
using Node.Sensors.Bus;

namespace Node.Host.Scanning;

/// <summary>
/// The probe of i2cdetect over <c>/dev/i2c-N</c> (linux/i2c-dev.h): a write of nothing, and a read of one byte where a write of nothing is known to
/// upset memories and clocks (0x30 to 0x37, 0x50 to 0x5F) or the adapter cannot do it.
/// </summary>
internal sealed class LinuxAddressProbe : IAddressProbe
{
    private const nuint SetAddress = 0x0703;
    private const nuint GetFunctions = 0x0705;
    private const nuint Transfer = 0x0720;
    private const nuint CanWriteNothing = 0x00010000;
    private const byte Read = 1;
    private const byte Write = 0;
    private const int QuickSize = 0;
    private const int ByteSize = 1;

    private readonly int _descriptor;
    private readonly bool _canWriteNothing;

    /// <exception cref="SensorException">The node cannot be opened; the text says what helps.</exception>
    public LinuxAddressProbe(int bus)
    {
        string node = DeviceNode.I2c(bus);
        _descriptor = LinuxCalls.Open(node);
        if (_descriptor < 0)
        {
            (string problem, string remedy) = DeviceNode.Explain(DeviceKind.I2c, node, -_descriptor);
            throw new SensorException(SensorFault.BusUnavailable, $"{problem}; {remedy}");
        }

        _canWriteNothing = LinuxCalls.Control(_descriptor, GetFunctions, out nuint functions) >= 0 && (functions & CanWriteNothing) != 0;
    }

    public AddressState Probe(int address)
    {
        int selected = LinuxCalls.Control(_descriptor, SetAddress, address);
        if (selected < 0)
        {
            return -selected == LinuxCalls.Busy ? AddressState.TakenByDriver : AddressState.Silent;
        }

        bool reads = !_canWriteNothing || address is (>= 0x30 and <= 0x37) or (>= 0x50 and <= 0x5F);
        return (reads ? Smbus(Read, ByteSize) : Smbus(Write, QuickSize)) >= 0 ? AddressState.Answers : AddressState.Silent;
    }

    public void Dispose() => LinuxCalls.Close(_descriptor);

    /// <summary>Fills <c>struct i2c_smbus_ioctl_data</c>: direction, command, size, pointer to 34 bytes of data.</summary>
    private int Smbus(byte direction, int size)
    {
        byte[] data = new byte[34];
        GCHandle pinned = GCHandle.Alloc(data, GCHandleType.Pinned);
        try
        {
            byte[] request = new byte[8 + nint.Size];
            request[0] = direction;
            BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(4), size);
            nint at = pinned.AddrOfPinnedObject();
            MemoryMarshal.Write(request.AsSpan(8), at);
            return LinuxCalls.Control(_descriptor, Transfer, request);
        }
        finally
        {
            pinned.Free();
        }
    }
}
