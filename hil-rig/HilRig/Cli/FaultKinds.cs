namespace HilRig.Cli;

/// <summary>What can go wrong on demand: each kind with what it does and the options of its own.</summary>
internal static class FaultKinds
{
    private static readonly string[] OfDevices = ["mqtt", "websocket"];

    /// <summary>The options of all kinds.</summary>
    public static readonly IReadOnlyList<FaultMember> Common =
    [
        FaultMember.Text("deviceId", "--device", "Hit this device, module (DEVICE/MODULE) or registration only (default: all).", "ID"),
        FaultMember.Seconds("afterSeconds", "--after", "Wait before it begins (default: 0)."),
        FaultMember.Seconds("forSeconds", "--for", "How long it lasts, in seconds or as 500ms, 10s, 5m, 2h (default: 60)."),
        FaultMember.Whole("seed", "--seed", "Repeat a run: chance is drawn from it (default: 0)."),
        FaultMember.Fraction("probability", "--probability", "The chance that it strikes when it could, above 0 up to 1 (default: 1)."),
    ];

    private static readonly FaultMember Count = FaultMember.Whole("count", "--count", "Strike this often at most: connections, packets, requests or bytes (default: no limit).");
    private static readonly FaultMember Delay = FaultMember.Seconds("delaySeconds", "--delay", "How late, up to 60 seconds (default: 1).");
    private static readonly FaultMember Jitter = FaultMember.Seconds("jitterSeconds", "--jitter", "Up to how much later still, drawn each time (default: 0).");

    public static readonly IReadOnlyList<(string Kind, string Help, FaultMember[] Own)> All =
    [
        ("refuse", "CONNECT gets a return code, or with --status a request over HTTPS gets that status.",
        [
            Count, Protocol("mqtt", "websocket", "https"), FaultMember.Whole("returnCode", "--code", "The return code of CONNACK, 1 to 5 (default: 5)."),
            FaultMember.Whole("status", "--status", "Refuse requests over HTTPS instead, or with --protocol websocket the upgrade: 400 to 599."),
            FaultMember.Text("text", "--text", "What the body of a refused request says (default: no body).", "TEXT"),
        ]),
        ("drop", "Connections end without notice: once, or again and again with --every.",
            [Count, Protocol("mqtt", "websocket", "amqp"), FaultMember.Seconds("everySeconds", "--every", "Drop again after this time, until --for is over.")]),
        ("half-open", "Connections stay open and carry nothing; the hub drops them at the end.",
            [Count, Protocol(OfDevices), FaultMember.Flag("onlyOpen", "--only-open", "Spare the connections made later.")]),
        ("delay", "Each packet of the hub comes late, in order; with --protocol https each answer.", [Count, Protocol("mqtt", "websocket", "https"), Delay, Jitter]),
        ("slow-puback", "The hub's acknowledgements come late, in order; other packets overtake them.", [Count, Protocol(OfDevices), Delay, Jitter]),
        ("duplicate", "Messages to devices and acknowledgements come twice.", [Count, Protocol(OfDevices), FaultMember.Words("targets", "--what", "Double only these", "c2d", "puback")]),
        ("throttle", "Requests are answered 429.",
            [Count, FaultMember.Words("targets", "--what", "Throttle only these", "twin", "rest", "dps"), FaultMember.Whole("retryAfterSeconds", "--retry-after", "The seconds to wait that the answer names, 0 to 3600 (default: 5).")]),
        ("expire-tokens", "Connections end as if their tokens had run out now, and these tokens are refused.", [Count, Protocol(OfDevices)]),
        ("disable", "The device is disabled in the registry, and enabled again at the end; needs --device.", []),
        ("corrupt", "Bytes change on their way.",
        [
            Count, Protocol(OfDevices), FaultMember.Fraction("rate", "--rate", "The chance of each byte, above 0 up to 1 (default: 0.001)."),
            FaultMember.Word("direction", "--direction", "Which bytes", ("to-device", "toDevice"), ("to-hub", "toHub"), ("both", "both")),
        ]),
        ("take-over", "Somebody else connects with the device's identity; needs --device.", [Count, FaultMember.Seconds("everySeconds", "--every", "How often (default: 5).")]),
        ("lose-desired", "Desired properties change and the connected device is not told: the next change comes with a gap between the versions.", [Count]),
        ("forget", "Telemetry is acknowledged and thrown away: what a check for lost readings must notice.", [Count]),
        ("restart", "The hub is a dead host for the time of --for, and comes back on the same ports.", []),
    ];

    private static FaultMember Protocol(params string[] names) => FaultMember.Words("protocols", "--protocol", "Restrict it to what comes over these", names);
}
