using System.CommandLine;
using HilRig.Service;
using HubEmulator;

namespace HilRig.Cli;

/// <summary><c>hilrig hub</c>: the emulated hub alone, for nodes and SDKs that somebody else starts.</summary>
internal static class HubCommand
{
    private const int DefaultMqttPort = 8883;
    private const int DefaultHttpsPort = 443;
    private const int DefaultPagePort = 8800;
    private const int DefaultAmqpPort = 5671;

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Where the hub keeps its CA, its devices and hub.json; made when absent.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<int?> MqttPort = HubPort.Option("--mqtt-port", "Port of MQTT over TLS; 0 takes any free one (default: 8883 when free, else any free one).");
    private static readonly Option<int?> HttpsPort = HubPort.Option("--https-port", "Port of the service interface; 0 takes any free one (default: 443 when free and permitted, else any free one).");
    private static readonly Option<int?> PagePort = HubPort.Option("--page-port", "Port of the local page over plain HTTP, on this machine only; 0 takes any free one (default: 8800 when free, else any free one).");
    private static readonly Option<int?> AmqpPort = HubPort.Option("--amqp-port", "Port of AMQP over TLS, for services; 0 takes any free one (default: 5671 when free, else any free one).");

    private static readonly Option<string[]> Device = new("--device")
    {
        Description = "A device to know, ID or ID=KEY with a base64 key; may be repeated.",
        HelpName = "ID[=KEY]",
    };

    private static readonly Option<string[]> DpsGroup = DpsGroupOption();

    private static readonly Option<string?> HostName = new("--host-name") { Description = "The hub's name, with a dot in it; 127.0.0.1 needs no resolver (default: hub.localhost).", HelpName = "NAME" };

    public static Command Build()
    {
        var command = new Command("hub", "Run a local IoT Hub until interrupted; it listens on this machine only.")
        {
            Data,
            MqttPort,
            HttpsPort,
            PagePort,
            AmqpPort,
            Device,
            DpsGroup,
            HostName,
            MonitorCommand.Build(),
            FaultCommand.Build(),
            CertificateCommand.Build(),
        };
        CertificateOptions.AddTo(command);
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
            Devices = [.. (parsed.GetValue(Device) ?? []).Select(ParseDevice), .. CertificateOptions.ReadDevices(parsed, folder, TimeProvider.System)],
            Enrolments = CertificateOptions.ReadEnrolments(parsed),
            CertificateGroups = CertificateOptions.ReadEnrolmentGroups(parsed),
            DeviceAuthorities = CertificateOptions.ReadAuthorities(parsed),
            BlobStorage = OutsideStore.Read(parsed),
        };
        var mqtt = new HubPort("MQTT", DefaultMqttPort, parsed.GetValue(MqttPort));
        var https = new HubPort("HTTPS", DefaultHttpsPort, parsed.GetValue(HttpsPort));
        var page = new HubPort("page", DefaultPagePort, parsed.GetValue(PagePort));
        var amqp = new HubPort("AMQP", DefaultAmqpPort, parsed.GetValue(AmqpPort));
        HubPort[] ports = [mqtt, https, amqp, page];
        await using LocalHub hub = await HubPort.StartAsync(
            ports, () => LocalHub.StartAsync(options with { MqttPort = mqtt.Wanted, HttpsPort = https.Wanted, AmqpPort = amqp.Wanted, PagePort = page.Wanted }, interrupted));
        HubSummary.Write(Console.Out, hub, ports, await HubSummary.ResolvesAsync(hub.HostName, interrupted), Path.Combine(folder, CertificateOptions.FolderName));
        var lastHub = LastHub.OfThisUser();
        lastHub.TryRemember(Path.Combine(folder, "hub.json"));
        await WaitForStopAsync(interrupted);
        lastHub.Forget(Path.Combine(folder, "hub.json"));
        return ExitCodes.Passed;
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
}
