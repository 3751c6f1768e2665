using System.CommandLine;
using HilRig.Service;
using HubEmulator;

namespace HilRig.Cli;

/// <summary><c>hilrig hub</c>: the emulated hub alone, for nodes and SDKs that somebody else starts.</summary>
internal static class HubCommand
{
    private const int DefaultMqttPort = 8883;
    private const int DefaultHttpsPort = 443;
    private const int DefaultAmqpPort = 5671;

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Where the hub keeps its CA, its devices and hub.json; made when absent.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<int?> MqttPort = PortOption("--mqtt-port", "Port of MQTT over TLS; 0 takes any free one (default: 8883 when free, else any free one).");
    private static readonly Option<int?> HttpsPort = PortOption("--https-port", "Port of the service interface; 0 takes any free one (default: 443 when free and permitted, else any free one).");
    private static readonly Option<int?> AmqpPort = PortOption("--amqp-port", "Port of AMQP over TLS, for services; 0 takes any free one (default: 5671 when free, else any free one).");

    private static readonly Option<string[]> Device = new("--device")
    {
        Description = "A device to know, ID or ID=KEY with a base64 key; may be repeated.",
        HelpName = "ID[=KEY]",
    };

    private static readonly Option<string[]> DpsGroup = DpsGroupOption();

    private static readonly Option<string?> HostName = new("--host-name") { Description = "The hub's name, with a dot in it (default: hub.localhost).", HelpName = "NAME" };

    public static Command Build()
    {
        var command = new Command("hub", "Run a local IoT Hub until interrupted; it listens on this machine only.")
        {
            Data,
            MqttPort,
            HttpsPort,
            AmqpPort,
            Device,
            DpsGroup,
            HostName,
        };
        OutsideStore.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Splits <c>ID=KEY</c> at the first equals sign, because a base64 key may end in some.</summary>
    internal static LocalDevice ParseDevice(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new LocalDevice(text) : new LocalDevice(text[..equals], text[(equals + 1)..]);
    }

    /// <summary>Splits each <c>NAME=KEY</c> at its first equals sign.</summary>
    internal static Dictionary<string, string> ParseGroups(IEnumerable<string> texts) => texts.ToDictionary(
        text => text[..text.IndexOf('=', StringComparison.Ordinal)], text => text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..], StringComparer.OrdinalIgnoreCase);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        string folder = Directory.CreateDirectory(parsed.GetRequiredValue(Data)).FullName;
        var defaults = new LocalHubOptions();
        LocalHubOptions options = defaults with
        {
            EnrolmentGroups = ParseGroups(parsed.GetValue(DpsGroup) ?? []),
            DataFolder = folder,
            HostName = parsed.GetValue(HostName) ?? defaults.HostName,
            Devices = [.. (parsed.GetValue(Device) ?? []).Select(ParseDevice)],
            BlobStorage = OutsideStore.Read(parsed),
        };
        await using LocalHub hub = await StartAsync(options, parsed, interrupted);
        WriteEndpoints(hub, folder);
        var lastHub = LastHub.OfThisUser();
        lastHub.TryRemember(Path.Combine(folder, "hub.json"));
        await WaitForStopAsync(interrupted);
        lastHub.Forget(Path.Combine(folder, "hub.json"));
        return ExitCodes.Passed;
    }

    // A port that was asked for is taken or refused; a default that is not to be had gives way to any free one.
    private static async Task<LocalHub> StartAsync(LocalHubOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        LocalHubOptions[] attempts =
        [
            .. from mqtt in Candidates(parsed.GetValue(MqttPort), DefaultMqttPort)
               from https in Candidates(parsed.GetValue(HttpsPort), DefaultHttpsPort)
               from amqp in Candidates(parsed.GetValue(AmqpPort), DefaultAmqpPort)
               orderby (mqtt.GivesWay ? 1 : 0) + (https.GivesWay ? 1 : 0) + (amqp.GivesWay ? 1 : 0)
               select options with { MqttPort = mqtt.Port, HttpsPort = https.Port, AmqpPort = amqp.Port },
        ];
        foreach (LocalHubOptions attempt in attempts.SkipLast(1))
        {
            try
            {
                return await LocalHub.StartAsync(attempt, cancellationToken);
            }
            catch (LocalHubException fault) when (fault.Fault is LocalHubFault.PortInUse or LocalHubFault.PortNotPermitted)
            {
                // The next attempt gives way further; the last one's fault is the user's to see.
            }
        }
        return await LocalHub.StartAsync(attempts[^1], cancellationToken);
    }

    private static (int Port, bool GivesWay)[] Candidates(int? asked, int byDefault) =>
        asked is { } port ? [(port, false)] : [(byDefault, false), (0, true)];

    private static void WriteEndpoints(LocalHub hub, string folder)
    {
        Console.WriteLine($"hub ready: {hub.HostName}");
        Console.WriteLine($"MQTT     127.0.0.1:{hub.MqttPort}");
        Console.WriteLine($"HTTPS    127.0.0.1:{hub.HttpsPort}");
        Console.WriteLine($"AMQP     127.0.0.1:{hub.AmqpPort}");
        Console.WriteLine($"DPS      127.0.0.1:{hub.MqttPort} with id scope {hub.IdScope}");
        Console.WriteLine($"CA       {hub.CaFile}");
        Console.WriteLine($"details  {Path.Combine(folder, "hub.json")}");
        Console.WriteLine($"service  {hub.ServiceConnectionString}");
        Console.WriteLine($"events   {hub.EventHubConnectionString}");
        foreach (string device in hub.DeviceIds.Order(StringComparer.Ordinal))
        {
            Console.WriteLine($"device   {hub.DeviceConnectionString(device)}");
        }
    }

    private static async Task WaitForStopAsync(CancellationToken interrupted)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = interrupted.Register(stopped.SetResult);
        await stopped.Task;
    }

    private static Option<string[]> DpsGroupOption()
    {
        var option = new Option<string[]>("--dps-group")
        {
            Description = "A group whose devices may provision themselves, with the base64 key that theirs derive from; may be repeated.",
            HelpName = "NAME=KEY",
        };
        option.Validators.Add(result =>
        {
            string[] names = [.. result.Tokens.Select(token => token.Value.Split('=')[0])];
            bool areNamed = result.Tokens.All(token => token.Value.IndexOf('=', StringComparison.Ordinal) > 0);
            if (!areNamed || names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Length)
            {
                result.AddError("--dps-group takes NAME=KEY, each name once.");
            }
        });
        return option;
    }

    private static Option<int?> PortOption(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0 or > 65_535)
            {
                result.AddError($"{name} takes 0 to 65535.");
            }
        });
        return option;
    }
}
