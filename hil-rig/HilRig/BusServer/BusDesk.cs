using System.Collections.Concurrent;
using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace HilRig.BusServer;

/// <summary>Performs the transfers that peers ask for. Messages of one request never interleave with those of another on the same bus.</summary>
internal sealed class BusDesk(EmulatedBoard board, IBusProvider buses)
{
    private const int MostMessages = 42; // I2C_RDWR_IOCTL_MAX_MSGS of Linux
    private const int MostReadBytes = WireFrame.LongestFrame - 64;
    private const byte NoChipSelect = 0x10;
    private const byte OneLine = 0x20;
    private readonly ConcurrentDictionary<int, Lock> _wires = new();

    /// <summary><c>u16 bus, u8 count, count × (u16 address, u8 flags, u16 length, [data])</c>; answers the data of all reads in their order.</summary>
    public void I2c(ref WireReader request, WireFrame answer)
    {
        int busId = request.UInt16();
        I2cMessage[] messages = ReadMessages(ref request);
        if (!board.TryGetI2cBus(busId, out EmulatedI2cBus? bus))
        {
            answer.Failure(WireErrno.NoEntry, $"the board has no I2C bus {busId}");
            return;
        }
        try
        {
            lock (_wires.GetOrAdd(busId, static _ => new Lock()))
            {
                Play(bus, messages);
            }
        }
        catch (Exception failure) when (IsOfTheWorld(failure))
        {
            answer.Failure(WireErrno.Of(failure), failure.Message);
            return;
        }
        answer.UInt32(0);
        foreach (I2cMessage message in messages.Where(static one => one.IsRead))
        {
            answer.Bytes(message.Data);
        }
    }

    /// <summary>
    /// <c>u16 bus, u8 chip select, u8 flags, u8 bits, u32 hertz, u16 length, data, [u16 listen]</c>; answers as many bytes, or with one data
    /// line those listened for.
    /// </summary>
    public void Spi(ref WireReader request, WireFrame answer)
    {
        int busId = request.UInt16();
        int chipSelect = request.Byte();
        byte flags = request.Byte();
        var settings = new SpiConnectionSettings(busId, (flags & NoChipSelect) != 0 ? -1 : chipSelect)
        {
            Mode = (SpiMode)(flags & 0x03),
            DataFlow = (flags & 0x04) != 0 ? DataFlow.LsbFirst : DataFlow.MsbFirst,
            ChipSelectLineActiveState = (flags & 0x08) != 0 ? PinValue.High : PinValue.Low,
            DataBitLength = request.Byte(),
            ClockFrequency = (int)Math.Min(request.UInt32(), int.MaxValue),
        };
        ReadOnlySpan<byte> mosi = request.Bytes(request.UInt16());
        bool isOneLine = (flags & OneLine) != 0;
        byte[] miso = new byte[isOneLine ? request.UInt16() : mosi.Length];
        request.End();
        try
        {
            if (isOneLine)
            {
                OnOneLine(settings, mosi, miso);
            }
            else
            {
                using SpiDevice device = buses.OpenSpi(settings);
                device.TransferFullDuplex(mosi, miso);
            }
        }
        catch (Exception failure) when (IsOfTheWorld(failure))
        {
            answer.Failure(WireErrno.Of(failure), failure.Message);
            return;
        }
        answer.UInt32(0).Bytes(miso);
    }

    /// <summary>Failures of a chip, a bus or the request's values, which an answer tells; anything else is a defect.</summary>
    public static bool IsOfTheWorld(Exception failure) => failure is IOException or SensorException or ArgumentException or InvalidOperationException;

    // System.Device.Gpio knows no such host, so this goes past its devices, and past a recording, which could not be replayed.
    private void OnOneLine(SpiConnectionSettings settings, ReadOnlySpan<byte> send, Span<byte> receive)
    {
        if (!board.TryGetSpiBus(settings.BusId, out EmulatedSpiBus? bus))
        {
            throw new IOException($"Error {WireErrno.NoEntry} (the board has no SPI bus {settings.BusId})");
        }
        bus.ExchangeOnOneLine(settings, send, receive);
    }

    private static I2cMessage[] ReadMessages(ref WireReader request)
    {
        int count = request.Byte();
        if (count is 0 or > MostMessages)
        {
            throw new WireException($"{count} I2C messages; allowed are 1 to {MostMessages}");
        }
        var messages = new I2cMessage[count];
        int readBytes = 0;
        for (int i = 0; i < count; i++)
        {
            int address = request.UInt16();
            bool isRead = request.Byte() != 0;
            int length = request.UInt16();
            readBytes += isRead ? length : 0;
            if (readBytes > MostReadBytes)
            {
                throw new WireException($"more than {MostReadBytes} bytes to read in one request");
            }
            messages[i] = new I2cMessage(address, isRead, isRead ? new byte[length] : request.Bytes(length).ToArray());
        }
        request.End();
        return messages;
    }

    // A write that a read of the same chip follows is one transaction with a repeated start; that is what the chips' own bus knows.
    private void Play(EmulatedI2cBus bus, I2cMessage[] messages)
    {
        for (int i = 0; i < messages.Length; i++)
        {
            I2cMessage message = messages[i];
            bool isAnswered = !message.IsRead && i + 1 < messages.Length && messages[i + 1].IsRead && messages[i + 1].Address == message.Address;
            Play(bus, message, isAnswered ? messages[++i] : null);
        }
    }

    private void Play(EmulatedI2cBus bus, I2cMessage message, I2cMessage? read)
    {
        if (message.IsRead && message.Data.Length == 0)
        {
            throw new IOException($"Error {WireErrno.NotSupported} (a read of no bytes is nothing this bus can do)");
        }
        if (message is { Address: 0, IsRead: false } && read is null)
        {
            Acknowledged(bus.GeneralCall(message.Data));
            return;
        }
        Acknowledged(message.Address is >= 0x03 and <= 0x77); // no chip may have any other address
        using I2cDevice device = buses.OpenI2c(bus.BusId, message.Address);
        if (read is not null)
        {
            device.WriteRead(message.Data, read.Data);
        }
        else if (message.IsRead)
        {
            device.Read(message.Data);
        }
        else
        {
            device.Write(message.Data);
        }
    }

    private static void Acknowledged(bool yes)
    {
        if (!yes)
        {
            throw new IOException($"Error {WireErrno.RemoteInputOutput} (nothing acknowledges)");
        }
    }

    private sealed record I2cMessage(int Address, bool IsRead, byte[] Data);
}
