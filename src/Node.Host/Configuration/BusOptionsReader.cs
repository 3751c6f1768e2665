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
            $"{Section}:Provider", BusProviderKind.Linux, ("linux", BusProviderKind.Linux), ("emulated", BusProviderKind.Emulated), ("remote", BusProviderKind.Remote));
        return new BusOptions
        {
            EmulatedBoard = ReadBoard($"{Section}:EmulatedBoard"),
            Provider = provider,
            GpioChip = settings.Text($"{Section}:GpioChip", null, "a chip's label or device node"),
            Remote = ReadRemote(provider, $"{Section}:Remote"),
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
