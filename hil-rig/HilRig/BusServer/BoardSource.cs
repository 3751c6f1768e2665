using Node.Sensors.Emulation;

namespace HilRig.BusServer;

/// <summary>Where a board comes from: a file, or the one with every chip.</summary>
internal static class BoardSource
{
    /// <summary>Switches a board on.</summary>
    /// <param name="file">The board file; null for a board with one of each chip.</param>
    /// <param name="seed">For the board without a file: fixes what differs from unit to unit, and the generated room.</param>
    /// <param name="stimulus">For the board without a file: what the chips feel.</param>
    /// <param name="time">The board's clock.</param>
    /// <exception cref="RigException">The file is unusable; the text says where and why.</exception>
    public static EmulatedBoard Open(string? file, int seed, Scenarios.Stimulus stimulus, TimeProvider time)
    {
        if (file is not null)
        {
            return Load(file).CreateBoard(time);
        }
        Ambient ambient = stimulus.Trace is { } trace ? Ambient.FromTrace(CsvTrace.Load(trace), stimulus.Speed, seed) : GeneratedRoom.Create(seed);
        return new EmulatedBoard(Everything(seed), ambient, time);
    }

    /// <summary>Reads a board file. Every fault but the last goes to standard error on a line of its own; the last is the failure.</summary>
    /// <exception cref="RigException">The file is unusable.</exception>
    public static BoardFile Load(string file)
    {
        try
        {
            return BoardFile.Load(file);
        }
        catch (BoardFileException wrong)
        {
            foreach (string fault in wrong.Faults.SkipLast(1))
            {
                Console.Error.WriteLine($"hilrig: {fault}");
            }
            throw new RigException(RigFault.UnusableInput, wrong.Faults[^1], wrong);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new RigException(RigFault.UnusableInput, $"{file} cannot be read ({unreadable.Message}); name a board file, as docs/board-file.md describes it.", unreadable);
        }
    }

    /// <summary>One of each chip at the address of open straps, the TMP102 beside the ADS1115 at the next one; interrupt outputs on pins of their own.</summary>
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
            new EmulatedChipOptions { Chip = "TMP102", Address = 0x49 },
            new EmulatedChipOptions { Chip = "MPU-6050", InterruptPin = 22 },
            new EmulatedChipOptions { Chip = "MCP3008", ChipSelect = 0 },
            new EmulatedChipOptions { Chip = "ADXL345", ChipSelect = 1, InterruptPin = 24 },
        ],
    };
}
