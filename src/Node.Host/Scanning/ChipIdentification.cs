using System.Device.I2c;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Host.Scanning;

/// <summary>
/// Finds out which chip is at an address by reads that do no harm: an identification register, chosen by the addresses that its chip can have.
/// A chip of 16-bit commands (Sensirion) is asked only when a plain read is refused, as such a chip does and one with registers never.
/// </summary>
internal sealed class ChipIdentification(IBusProvider buses, TimeProvider time)
{
    private static readonly TimeSpan CommandTime = TimeSpan.FromMilliseconds(5); // The SCD41 takes 1 ms: spec section 7.

    private const byte Sht31StatusHigh = 0xF3;
    private const byte Sht31StatusLow = 0x2D;
    private const byte Scd41ReadyHigh = 0xE4;
    private const byte Scd41ReadyLow = 0xB8;

    /// <summary>The identification registers: addresses, register, value, chip. From the chips' datasheets.</summary>
    private static readonly (int[] Addresses, byte Register, byte Value, string Chip)[] Identities =
    [
        ([0x76, 0x77], 0xD0, 0x60, "BME280"), ([0x76, 0x77], 0xD0, 0x58, "BMP280"), ([0x76, 0x77], 0xD0, 0x61, "BME680"),
        ([0x68, 0x69], 0x75, 0x68, "MPU-6050"), ([0x68, 0x69], 0x75, 0x70, "MPU-6500"), ([0x68, 0x69], 0x75, 0x71, "MPU-9250"),
        ([0x18, 0x19], 0x0F, 0x33, "LIS3DH"), ([0x1D, 0x53], 0x00, 0xE5, "ADXL345"),
    ];

    /// <summary>What usually has an address and cannot be asked for a name.</summary>
    private static readonly (int[] Addresses, string Chip)[] Habits =
    [
        ([0x23, 0x5C], "BH1750"), ([0x44, 0x45], "SHT31"), ([0x48, 0x49, 0x4A, 0x4B], "ADS1115"), ([0x62], "SCD41"), ([0x76, 0x77], "BME280"),
        ([0x68], "MPU-6050 or a DS3231 clock"), ([0x69], "MPU-6050"), ([0x20, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27], "a PCF8574 or MCP23017 port"), ([0x3C, 0x3D], "an SSD1306 display"),
        ([0x40], "an INA219, HTU21D or PCA9685"), ([0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57], "an EEPROM"),
        ([0x70, 0x71, 0x72, 0x73, 0x74, 0x75], "a TCA9548A multiplexer or an HT16K33"),
    ];

    /// <summary>What answers at an address of a bus, or null when nothing is known of it.</summary>
    /// <exception cref="SensorException">The bus cannot be opened.</exception>
    public async Task<ChipGuess?> IdentifyAsync(int bus, int address, CancellationToken cancellationToken)
    {
        using I2cDevice device = buses.OpenI2c(bus, address);
        return ByRegister(device, address) ?? await ByCommandAsync(device, address, cancellationToken) ?? ByHabit(device, address);
    }

    private static ChipGuess? ByRegister(I2cDevice device, int address)
    {
        Span<byte> id = stackalloc byte[1];
        foreach (IGrouping<byte, (int[] Addresses, byte Register, byte Value, string Chip)> register in Identities
            .Where(identity => identity.Addresses.Contains(address)).GroupBy(identity => identity.Register))
        {
            if (TryWriteRead(device, [register.Key], id))
            {
                byte read = id[0];
                string detail = string.Create(CultureInfo.InvariantCulture, $"register 0x{register.Key:X2} reads 0x{read:X2}");
                return register.Where(identity => identity.Value == read).Select(identity => new ChipGuess(identity.Chip, true, detail)).FirstOrDefault()
                    ?? new ChipGuess("unknown", false, detail);
            }
        }

        return null;
    }

    private async Task<ChipGuess?> ByCommandAsync(I2cDevice device, int address, CancellationToken cancellationToken)
    {
        (string chip, byte[] command)? asked = address switch
        {
            0x44 or 0x45 => ("SHT31", [Sht31StatusHigh, Sht31StatusLow]), // Status word: spec section 2.5.
            0x62 => ("SCD41", [Scd41ReadyHigh, Scd41ReadyLow]), // Data ready: allowed while measuring too.
            _ => null,
        };
        if (asked is not { } question || TryRead(device, new byte[1]) || !TryWrite(device, question.command))
        {
            return null;
        }

        await Task.Delay(CommandTime, time, cancellationToken);
        byte[] word = new byte[3];
        bool isSensirion = TryRead(device, word) && Crc(word.AsSpan(0, 2)) == word[2];
        return isSensirion ? new ChipGuess(question.chip, true, "answers its command with a right checksum") : null;
    }

    private static ChipGuess? ByHabit(I2cDevice device, int address)
    {
        string? usual = Habits.Where(habit => habit.Addresses.Contains(address)).Select(habit => habit.Chip).FirstOrDefault();
        if (usual == "ADS1115")
        {
            Span<byte> threshold = stackalloc byte[2];
            bool resets = TryWriteRead(device, [0x02], threshold) && threshold is [0x80, 0x00]; // Lo_thresh after power-on: spec section 4.
            return new ChipGuess(usual, false, resets ? "its low threshold has the power-on value" : null);
        }

        return usual is null ? null : new ChipGuess(usual, false);
    }

    private static bool TryWriteRead(I2cDevice device, ReadOnlySpan<byte> write, Span<byte> read)
    {
        try
        {
            device.WriteRead(write, read);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool TryWrite(I2cDevice device, ReadOnlySpan<byte> bytes)
    {
        try
        {
            device.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool TryRead(I2cDevice device, Span<byte> bytes)
    {
        try
        {
            device.Read(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Sensirion's checksum: polynomial 0x31, initial 0xFF.</summary>
    private static byte Crc(ReadOnlySpan<byte> word)
    {
        int crc = 0xFF;
        foreach (byte next in word)
        {
            crc ^= next;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ 0x131 : crc << 1;
            }
        }

        return (byte)crc;
    }
}
