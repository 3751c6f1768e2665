using Node.Sensors.Bus;
using Node.Sensors.Bus.Remote;
using Node.Sensors.Emulation;

namespace Node.Host.Configuration;

/// <summary>Reads the section <c>Node:Bus</c>.</summary>
internal sealed class BusOptionsReader(SettingsReader settings)
{
    private const string Section = "Node:Bus";

    public BusOptions Read()
    {
        string? trace = settings.Text($"{Section}:Emulated:Trace", null, "a CSV file");
        if (trace is not null && !File.Exists(trace))
        {
            settings.Fault($"{Section}:Emulated:Trace", $"'{trace}' is no file; name a CSV trace or leave the setting out for a generated day");
        }

        BusProviderKind provider = settings.Choice(
            $"{Section}:Provider", BusProviderKind.Linux, ("linux", BusProviderKind.Linux), ("emulated", BusProviderKind.Emulated), ("remote", BusProviderKind.Remote),
            ("replay", BusProviderKind.Replay));
        return new BusOptions
        {
            EmulatedBoard = ReadBoard($"{Section}:EmulatedBoard"),
            Provider = provider,
            GpioChip = settings.Text($"{Section}:GpioChip", null, "a chip's label or device node"),
            Remote = ReadRemote(provider, $"{Section}:Remote"),
            RecordTrace = settings.Text($"{Section}:RecordTrace", null, "a file to write"),
            ReplayTrace = ReadTrace(provider, $"{Section}:ReplayTrace"),
            ReplayMode = settings.Choice($"{Section}:ReplayMode", ReplayMode.Strict, ("strict", ReplayMode.Strict), ("lenient", ReplayMode.Lenient)),
            I2cClockHertz = settings.Integer($"{Section}:I2cClockHertz", 100_000, 1_000, 5_000_000),
            EmulatedTrace = trace,
            EmulatedSeed = settings.Integer($"{Section}:Emulated:Seed", 1, 0, int.MaxValue),
            EmulatedSpeed = settings.Number($"{Section}:Emulated:Speed", 1, 0.001, 100_000),
        };
    }

    private RemoteBusEndpoint? ReadRemote(BusProviderKind provider, string path)
    {
        string? text = settings.Text(path, null, RemoteBusEndpoint.Forms);
        if (provider is not BusProviderKind.Remote)
        {
            return null;
        }

        if (text is null)
        {
            settings.Fault(path, $"is missing; Node:Bus:Provider=remote needs {RemoteBusEndpoint.Forms}, as 'hilrig bus serve' prints it");
            return null;
        }

        if (!RemoteBusEndpoint.TryParse(text, out RemoteBusEndpoint? endpoint, out string? fault))
        {
            settings.Fault(path, fault);
        }

        return endpoint;
    }

    /// <summary>The trace is read whole at the start, so that a bad line stops nothing later.</summary>
    private string? ReadTrace(BusProviderKind provider, string path)
    {
        string? file = settings.Text(path, null, "a trace that Node:Bus:RecordTrace has written");
        if (provider is not BusProviderKind.Replay)
        {
            return file;
        }

        if (file is null)
        {
            settings.Fault(path, "is missing; Node:Bus:Provider=replay needs a trace that Node:Bus:RecordTrace has written");
            return null;
        }

        try
        {
            BusTrace.Load(file);
        }
        catch (Exception unusable) when (unusable is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            settings.Fault(path, $"'{file}' cannot be used ({unusable.Message}); name a trace that Node:Bus:RecordTrace has written");
        }

        return file;
    }

    /// <summary>Every fault of the file is a fault of the configuration, so that nothing starts on a bad one.</summary>
    private string? ReadBoard(string path)
    {
        string? file = settings.Text(path, null, "a board file (JSON)");
        try
        {
            if (file is not null)
            {
                BoardFile.Load(file);
            }
        }
        catch (BoardFileException wrong)
        {
            foreach (string fault in wrong.Faults)
            {
                settings.Fault(path, fault);
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            settings.Fault(path, $"'{file}' cannot be read ({unreadable.Message}); name a board file or leave the setting out for a board of the configured sensors");
        }

        return file;
    }
}
