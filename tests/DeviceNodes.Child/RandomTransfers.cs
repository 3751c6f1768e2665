using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace DeviceNodes.Child;

/// <summary>
/// Transfers that a seed decides: registers and commands that the chips know and others, of every length, as a driver would send them and as
/// noise would. All a bus may answer is bytes or an error number.
/// </summary>
/// <param name="buses">The buses to use.</param>
/// <param name="board">What is on them; its tables tell what the chips know.</param>
/// <param name="pass">Lets time pass.</param>
/// <param name="seed">Decides everything.</param>
public sealed class RandomTransfers(IBusProvider buses, EmulatedBoardOptions board, Action<TimeSpan> pass, int seed)
{
    private const int PauseInTransfers = 4;

    private static readonly int[] Errnos = [5, 6, 11, 22, 90, 95, 110, 121];
    private static readonly byte[] Extremes = [0x00, 0x01, 0x06, 0x0B, 0x40, 0x80, 0xB6, 0xFF];
    private static readonly int[] Waits = [1, 10, 125, 1_000, 5_000, 20_000, 100_000, 600_000, 5_100_000]; // microseconds

    private readonly Random _random = new(seed);
    private readonly (EmulatedChipOptions Options, int[] Codes, int CodeLength)[] _targets = [.. board.Chips.Select(Target)];

    /// <summary>How many transfers were answered by an error number.</summary>
    public int Refused { get; private set; }

    /// <exception cref="InvalidOperationException">A transfer failed without an error number that a Pi can show.</exception>
    public void Run(int count)
    {
        for (int i = 0; i < count; i++)
        {
            (EmulatedChipOptions options, int[] codes, int length) = _targets[_random.Next(_targets.Length)];
            try
            {
                byte[] bytes = Bytes(codes, length);
                if (bytes.Length == 0) { bytes = [0]; } // a write of nothing never reaches the bus with System.Device.Gpio 4.2.0

                if (options.Address is { } address) { OverI2c(options.BusId, address, bytes); }
                else { OverSpi(options, bytes); }
            }
            catch (IOException failure) when (Errnos.Any(errno => failure.Message.StartsWith($"Error {errno} ", StringComparison.Ordinal)))
            {
                Refused++;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}, transfer {i} to the {options.Chip}: {failure.Message}", failure);
            }

            if (_random.Next(PauseInTransfers) == 0) { pass(TimeSpan.FromMicroseconds(Waits[_random.Next(Waits.Length)])); }
        }
    }

    /// <summary>The codes that a chip's tables name, and how many bytes each has on the wire.</summary>
    private static (EmulatedChipOptions Options, int[] Codes, int CodeLength) Target(EmulatedChipOptions options)
    {
        using var alone = new EmulatedBoard(new EmulatedBoardOptions { Chips = [options with { InterruptPin = null, Mux = null }] }, new Ambient(), new StoppedTime());
        EmulatedChip chip = alone.Chips.Values.Single();
        int[] codes = [.. chip.Registers.Select(static one => (int)one.Address), .. chip.Commands.Select(static one => one.Code)];
        int[] addresses = [.. alone.I2cBuses.SelectMany(static bus => bus.Chips.Keys)];
        return (options with { Address = addresses.Length == 0 ? null : addresses[0] }, codes, codes.Any(static code => code > 0xFF) ? 2 : 1);
    }

    private void OverI2c(int bus, int address, byte[] bytes)
    {
        using I2cDevice device = buses.OpenI2c(bus, address);
        byte[] read = new byte[_random.Next(8) == 0 ? _random.Next(1, 1100) : _random.Next(1, 16)];
        switch (_random.Next(4))
        {
            case 0: device.Read(read); break;
            case 1: device.Write(bytes); break;
            default: device.WriteRead(bytes, read); break;
        }
    }

    private void OverSpi(EmulatedChipOptions options, byte[] bytes)
    {
        bool isOdd = _random.Next(6) == 0;
        var settings = new SpiConnectionSettings(options.SpiBusId, options.ChipSelect)
        {
            Mode = isOdd ? (SpiMode)_random.Next(4) : options.Chip == "ADXL345" ? SpiMode.Mode3 : SpiMode.Mode0,
            ClockFrequency = isOdd ? _random.Next(5_000, 20_000_000) : 1_000_000,
            DataFlow = isOdd && _random.Next(3) == 0 ? DataFlow.LsbFirst : DataFlow.MsbFirst,
            ChipSelectLineActiveState = isOdd && _random.Next(4) == 0 ? PinValue.High : PinValue.Low,
        };
        byte[] send = options.Chip == "ADXL345" && _random.Next(2) == 0 ? [(byte)(bytes[0] | 0x80 | (_random.Next(2) << 6)), .. bytes[1..]] : bytes;
        using SpiDevice device = buses.OpenSpi(settings);
        device.TransferFullDuplex(send, new byte[send.Length]);
    }

    /// <summary>Two in three begin with a code that the chip knows; arguments of a command chip often carry their checksum.</summary>
    private byte[] Bytes(int[] codes, int codeLength)
    {
        byte[] rest = [.. Enumerable.Range(0, _random.Next(12) == 0 ? _random.Next(200) : _random.Next(5)).Select(_ => Byte())];
        if (_random.Next(3) == 0) { return rest; }

        int code = codes[_random.Next(codes.Length)];
        byte[] known = codeLength == 2 ? [(byte)(code >> 8), (byte)code] : [(byte)code];
        byte[] argument = [Byte(), Byte()];
        return codeLength == 2 && _random.Next(2) == 0 ? _random.Next(2) == 0 ? known : [.. known, .. argument, Checksum(argument)] : [.. known, .. rest];
    }

    private byte Byte() => _random.Next(3) == 0 ? Extremes[_random.Next(Extremes.Length)] : (byte)_random.Next(256);

    private static byte Checksum(ReadOnlySpan<byte> word)
    {
        int crc = 0xFF;
        foreach (byte one in word)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++) { crc = (crc & 0x80) != 0 ? (crc << 1) ^ 0x131 : crc << 1; }
        }

        return (byte)crc;
    }
}
