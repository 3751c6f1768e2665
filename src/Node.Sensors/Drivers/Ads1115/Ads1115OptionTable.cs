using System.Globalization;

namespace Node.Sensors.Drivers;

/// <summary>The options of an ADS1115 as texts.</summary>
internal static class Ads1115OptionTable
{
    private const string ChannelShape =
        "what is converted, in order, as input[/range][*multiplier][=name] with commas between, such as 'Single0, Difference23/Volts0256, Single1*2.5=battery'; "
        + "inputs Single0 to Single3 and Difference01, 03, 13, 23; ranges Volts6144, Volts4096 (default), Volts2048, Volts1024, Volts0512, Volts0256";

    public static SensorOptionTable<Ads1115Options> Create() => new SensorOptionTable<Ads1115Options>(new(), static options => options.Validate())
        .Text("Channels", ChannelShape, string.Join(", ", new Ads1115Options().Channels.Select(static channel => channel.Input)), ReadChannels)
        .Choice("DataRate", "conversions a second: the slower, the less noise", static o => o.DataRate, static (o, v) => o with { DataRate = v })
        .Number("SupplyVolts", "the chip's supply in volts: no input can be higher by more than 0.3 V", 2.0, 5.5, static o => o.SupplyVolts, static (o, v) => o with { SupplyVolts = v })
        .Integer("ReadyPin", "the header's pin (BCM number) that ALERT/RDY is wired to; left out, the chip is asked over the bus", 0, 53, static o => o.ReadyPin, static (o, v) => o with { ReadyPin = v })
        .Integer("TransferAttempts", "how often a transfer that the bus failed is tried in all", 1, 10, static o => o.TransferAttempts, static (o, v) => o with { TransferAttempts = v });

    private static Ads1115Options? ReadChannels(Ads1115Options options, string text)
    {
        Ads1115Channel?[] channels = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(ReadChannel)];
        return channels.Contains(null) ? null : options with { Channels = [.. channels.Select(static channel => channel!)] };
    }

    private static Ads1115Channel? ReadChannel(string text)
    {
        string[] named = text.Split('=', 2, StringSplitOptions.TrimEntries);
        string[] scaled = named[0].Split('*', 2, StringSplitOptions.TrimEntries);
        string[] ranged = scaled[0].Split('/', 2, StringSplitOptions.TrimEntries);
        Ads1115Range range = Ads1115Range.Volts4096;
        double multiplier = 1;
        bool understood = Enum.TryParse(ranged[0], ignoreCase: true, out Ads1115Input input) && Enum.IsDefined(input)
            && (ranged.Length == 1 || (Enum.TryParse(ranged[1], ignoreCase: true, out range) && Enum.IsDefined(range)))
            && (scaled.Length == 1 || double.TryParse(scaled[1], NumberStyles.Float, CultureInfo.InvariantCulture, out multiplier))
            && (named.Length == 1 || IsName(named[1]));
        return understood ? new Ads1115Channel { Input = input, Range = range, Multiplier = multiplier, Name = named.Length == 2 ? named[1] : null } : null;
    }

    /// <summary>A name that a telemetry field may have.</summary>
    private static bool IsName(string name) => name.Length is > 0 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit);
}
