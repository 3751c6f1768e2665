using Node.Host.Twin;

namespace Node.Host.Model;

/// <summary>
/// Every property that the node has in its twin: the model is made from these rows, and docs/twin.md shows them. A writable property
/// needs its row here.
/// </summary>
internal static class PropertyTable
{
    private const string Limit = "PT0S (none) to P7D";

    /// <summary>The node itself: the root of the twin.</summary>
    public static readonly IReadOnlyList<PropertyRow> Node =
    [
        new("doWorkInterval", true, () => "duration", "PT0.01S to PT10S", "Time between two turns of the hub client while nothing is going on.", "\"PT1S\""),
        new("logLevel", true, () => Dtdl.Enum(NodeProperties.Levels), string.Join(", ", NodeProperties.Levels),
            "Level of the node's own log lines; the method setLogLevel changes it too.", "\"debug\""),
        new(SpoolProperty.Name, true,
            () => Dtdl.Object(("capacityBytes", "long"), ("maxAge", "duration"), ("commitDelay", "duration"), ("dropPolicy", Dtdl.Enum(SpoolProperty.Policies))),
            "capacityBytes 1048576 to 4294967296, maxAge PT0S (for ever) to P3650D, commitDelay PT0S to PT1M, dropPolicy drop_old, drop_new or downsample",
            "How much telemetry survives an outage, and how long a reading may wait for company before it is made durable.", "{\"maxAge\":\"P7D\"}"),
        new("batchCount", true, () => "integer", "1 (no batches) to 500", "How many readings of a sensor share a message.", "60"),
        new("batchDelay", true, () => "duration", "PT0S to P1D", "How long a reading waits for company in its message.", "\"PT5M\""),
        new("batchBytes", true, () => "integer", "1024 to 245760", "Size of a message's body at which it goes out.", "65536"),
        new("compression", true, () => Dtdl.Enum("none", "gzip"), "none or gzip", "How a batch's body is packed; the hub cannot route on what it cannot read.", "\"gzip\""),
        new("uploadWindow", true, () => "string", "cron fields of minutes, several separated by semicolons, or empty for always",
            "The minutes, UTC, in which readings go out; alarms always do.", "\"* 2-4 * * *\""),
        new("dailyBytes", true, () => "long", "0 (no limit) to 1099511627776", "How many bytes readings may cost in a UTC day; alarms always go.", "5000000"),
        new("upload", false, () => Dtdl.Object(("state", Dtdl.Enum("open", "windowClosed", "budgetSpent")), ("bytesToday", "long"), ("nextOpening", "dateTime"), ("megabytesPerMonth", "double")),
            "state open, windowClosed or budgetSpent", "Whether readings go out, what the day cost, and what a month comes to.", "{\"state\":\"open\",\"bytesToday\":120000}"),
        new("safeMode", false, () => "boolean", "true or false", "Whether too many starts in a row ended badly, and the node waits for help.", "false"),
        new("lastDesiredVersion", false, () => "long", "from 1 on", "Version of the desired properties that was worked last.", "7"),
        new("lastDesiredStatus", false, () => Dtdl.Object(("code", "integer"), ("description", "string")), "code 200, 400 or 500",
            "What that came to as a whole, with every fault.", "{\"code\":200,\"description\":\"in force\"}"),
        new("diagnosticsUpload", false, () => Dtdl.Object(("blob", "string"), ("state", Dtdl.Enum("running", "done", "failed")), ("at", "dateTime"), ("detail", "string")),
            "state running, done or failed", "How the upload goes that the command uploadDiagnostics began.",
            "{\"blob\":\"diagnostics/20260301T120000Z.tar.gz\",\"state\":\"done\",\"at\":\"2026-03-01T12:00:03Z\"}"),
    ];

    /// <summary>Each sensor's component.</summary>
    public static readonly IReadOnlyList<PropertyRow> Sensor =
    [
        new("interval", true, () => "duration", "PT0.1S to P1D", "Time between two readings.", "\"PT10S\""),
        new("cron", true, () => "string", "five cron fields, six with seconds first, or empty for the interval", "Readings by the calendar, UTC, in place of the interval.", "\"*/15 * * * *\""),
        new("enabled", true, () => "boolean", "true or false", "Whether it is sampled.", "false"),
        new("filters", true, () => Dtdl.Map("quantity", Dtdl.Map("step", "string")), "a map of quantities, each a map of steps, at most 4096 characters",
            "What is done to values before they go out.", "{\"temperature\":{\"10_offset\":\"-0.5\"}}"),
        new("ranges", true,
            () => Dtdl.Map("quantity", Dtdl.Object(
                ("min_value", "double"), ("max_value", "double"), ("stuck_readings", "integer"), ("stuck_after", "string"), ("stuck_tolerance", "double"))),
            "a map of quantities, each with any of min_value, max_value, stuck_readings from 2, stuck_after 1ms to 30d, stuck_tolerance from 0; at most 4096 characters",
            "Outside which raw values, and after how long a standstill, a value is marked as not to be believed.", "{\"temperature\":{\"min_value\":-10,\"max_value\":40}}"),
        new("thresholds", true,
            () => Dtdl.Map("threshold", Dtdl.Object(
                ("quantity", "string"), ("above", "double"), ("below", "double"), ("hysteresis", "double"), ("holdTime", "duration"), ("latch", "boolean"),
                ("drive", Dtdl.Object(("actuator", "string"), ("state", Dtdl.Enum("on", "off")))))),
            "a map of thresholds, each with quantity and above or below, and any of hysteresis from 0, holdTime, latch, drive",
            "Limits of raw values that raise alarms at once and may drive an actuator, with or without the cloud.", "{\"hot\":{\"quantity\":\"temperature\",\"above\":30,\"hysteresis\":1}}"),
        new("alarms", false,
            () => Dtdl.Map("threshold", Dtdl.Object(("state", Dtdl.Enum("normal", "raised")), ("since", "dateTime"), ("value", "double"), ("drive", "string"))),
            "a map of the thresholds, or absent without any", "How each threshold stands.", "{\"hot\":{\"state\":\"raised\",\"since\":\"2026-03-01T12:00:00.000Z\",\"value\":31.2}}"),
        new("captureProgress", false,
            () => Dtdl.Object(
                ("state", Dtdl.Enum("recording", "uploading", "done", "failed")), ("seconds", "double"), ("blob", "string"), ("samples", "long"), ("gaps", "long"),
                ("clipped", "long"), ("bytes", "long"), ("detail", "string")),
            "state recording, uploading, done or failed", "How the burst goes that the command capture began.", "{\"state\":\"recording\",\"seconds\":30}")
        {
            IsForVibration = true,
        },
        new("status", false, () => Dtdl.Object(("state", Dtdl.Enum("starting", "ok", "degraded", "failed", "ignored")), ("reason", "string")),
            "state starting, ok, degraded, failed or ignored", "How the sensor fares, with the reason when it does not.", "{\"state\":\"ok\"}"),
    ];

    /// <summary>Each actuator's component.</summary>
    public static readonly IReadOnlyList<PropertyRow> Actuator =
    [
        new("maxOnTime", true, () => "duration", Limit, "How long it may be on; only PT0S where being on is the fail-safe state.", "\"PT10M\""),
        new("minOnTime", true, () => "duration", Limit, "How long it stays on at least.", "\"PT5S\""),
        new("minOffTime", true, () => "duration", Limit, "How long it stays off at least.", "\"PT5S\""),
        new("minSwitchInterval", true, () => "duration", Limit, "Time between two switchings at least.", "\"PT1S\""),
        new("lease", true, () => "duration", Limit, "How long a command holds unless it is renewed.", "\"PT1M\""),
        new("hubLossTimeout", true, () => "duration", Limit, "After how long without the hub it takes its fail-safe state.", "\"PT5M\""),
        new("state", false, () => Dtdl.Enum("on", "off"), "on, off, or absent while it is not known", "The state read back from the hardware.", "\"off\""),
        new("level", false, () => "double", "0 to 1", "The level of a PWM channel.", "0.4") { IsForPwm = true },
        new("cause", false, () => "string", "a text", "Why it is in this state.", "\"fail-safe state at the start\""),
        new("fault", false, () => "string", "a text, or absent", "What is wrong with it.", "\"another program holds the line\""),
        new("disarmed", false, () => "string", "a text, or absent", "Why it waits for the command arm.", "\"the hub was lost\""),
    ];
}
