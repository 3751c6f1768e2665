using Node.Sensors.Emulation;

namespace HilRig.BusServer;

/// <summary>Where a board comes from: a file, or the one with every chip.</summary>
internal static class BoardSource
{
    /// <summary>Switches a board on.</summary>
    /// <param name="file">The board file; null for a board with one of each chip.</param>
    /// <param name="seed">Fixes what differs from unit to unit, and the generated room.</param>
    /// <param name="stimulus">What the chips feel.</param>
    /// <param name="time">The board's clock.</param>
    /// <exception cref="RigException">The file is unusable; the text says where and why.</exception>
    public static EmulatedBoard Open(string? file, int seed, Scenarios.Stimulus stimulus, TimeProvider time)
    {
        Ambient ambient = stimulus.Trace is { } trace ? Ambient.FromTrace(CsvTrace.Load(trace), stimulus.Speed, seed) : GeneratedRoom.Create(seed);
        return new EmulatedBoard(Everything(seed), ambient, time);
    }

    /// <summary>One of each chip at the address of open straps; interrupt outputs on pins of their own.</summary>
    public static EmulatedBoardOptions Everything(int seed) => new()
    {
        Seed = seed,
        Chips =
        [
            new EmulatedChipOptions { Chip = "BME280" },
            new EmulatedChipOptions { Chip = "SHT31", InterruptPin = 23 },
            new EmulatedChipOptions { Chip = "BH1750" },
            new EmulatedChipOptions { Chip = "ADS1115", InterruptPin = 27 },
            new EmulatedChipOptions { Chip = "SCD41" },
            new EmulatedChipOptions { Chip = "MPU-6050", InterruptPin = 22 },
            new EmulatedChipOptions { Chip = "MCP3008", ChipSelect = 0 },
            new EmulatedChipOptions { Chip = "ADXL345", ChipSelect = 1, InterruptPin = 17 },
        ],
    };
}
