using System.CommandLine;
using HilRig.Bench;
using HilRig.BusServer;
using Node.Sensors.Emulation;

namespace HilRig.Cli;

/// <summary>The options that say which emulated board is meant and what it feels.</summary>
internal static class BoardChoice
{
    public static readonly Option<string?> Board = new("--board") { Description = "The board file (default: a board with one of each chip).", HelpName = "FILE" };
    public static readonly Option<int?> Seed = new("--seed") { Description = "Fixes the units' calibration and the generated room (default: 1).", HelpName = "N" };
    public static readonly Option<string?> Trace = new("--trace") { Description = "Feed the chips from this CSV trace instead of the generated room.", HelpName = "FILE" };

    public static readonly Option<string?> Record = new("--record") { Description = "Record every I2C and SPI transfer in this trace file, for 'hilrig trace' and Node:Bus:ReplayTrace.", HelpName = "FILE" };

    /// <exception cref="RigException">A file is unusable.</exception>
    public static EmulatedBoard Open(ParseResult parsed, TimeProvider time)
    {
        if (parsed.GetValue(Trace) is { } trace && (File.Exists(trace) ? TraceFile.Fault(trace) : $"{trace}: no such trace") is { } fault)
        {
            throw new RigException(RigFault.UnusableInput, $"{fault}; name a CSV file, or leave --trace out for the generated room");
        }
        return BoardSource.Open(parsed.GetValue(Board), parsed.GetValue(Seed) ?? 1, new Scenarios.Stimulus { Trace = parsed.GetValue(Trace) }, time);
    }
}
