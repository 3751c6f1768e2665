namespace Node.Host.Configuration;

/// <summary>What each setting does, in a sentence, by its path in the table.</summary>
internal static class SettingPurposes
{
    private static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        ["Node:Hub:ConnectionString"] = "The device's connection string; without one readings stay in the spool. Secret.",
        ["Node:Hub:Port"] = "TCP port of the hub's MQTT endpoint.",
        ["Node:Hub:Protocol"] = "MQTT over TLS, or MQTT over a WebSocket where only HTTPS gets out.",
        ["Node:Hub:HttpsPort"] = "TCP port of the hub's HTTPS endpoint, for WebSockets and uploads.",
        ["Node:Hub:Proxy:Host"] = "Host name of an HTTP proxy on the way to the hub.",
        ["Node:Hub:Proxy:Port"] = "TCP port of the proxy.",
        ["Node:Hub:Proxy:UserName"] = "The proxy's user name.",
        ["Node:Hub:Proxy:Password"] = "The proxy's password. Secret.",
        ["Node:Hub:TrustedRootsFile"] = "PEM file of the only roots that are trusted; by default the system's are.",
        ["Node:Hub:ModelId"] = "Plug and Play model id announced at connect.",
        ["Node:DataFolder"] = "Where spool and desired properties are kept; /data where it can be written to, else data beside the program.",
        ["Node:Http:Address"] = "Address of the status page; 0.0.0.0 for every network.",
        ["Node:Http:Port"] = "TCP port of the status page; 0 for any free one.",
        ["Node:Bus:Provider"] = "The Pi's own buses, chips inside this process, or chips in the rig's process.",
        ["Node:Bus:Remote"] = "Where the rig serves its buses.",
        ["Node:Bus:EmulatedBoard"] = "Board file of the emulated chips, their world and their faults.",
        ["Node:Bus:Emulated:Trace"] = "CSV file whose course the emulated room follows; by default a generated day.",
        ["Node:Bus:Emulated:Seed"] = "Seed of the emulated chips' calibration and of the room's noise.",
        ["Node:Bus:Emulated:Speed"] = "Seconds of the trace that pass in one real second.",
        ["Node:Sensors:{name}:Chip"] = "Which chip it is, or Machine for the computer itself.",
        ["Node:Sensors:{name}:Bus"] = "I2C bus number: N of /dev/i2c-N.",
        ["Node:Sensors:{name}:Address"] = "7-bit I2C address, such as 0x76.",
        ["Node:Sensors:{name}:Mux:Address"] = "Address of the TCA9548A multiplexer behind which the chip hangs.",
        ["Node:Sensors:{name}:Mux:Channel"] = "The multiplexer's channel.",
        ["Node:Sensors:{name}:SpiBus"] = "SPI bus number: B of /dev/spidevB.C.",
        ["Node:Sensors:{name}:ChipSelect"] = "SPI chip select: C of /dev/spidevB.C.",
        ["Node:Sensors:{name}:Interval"] = "Time between two readings. Twin: interval.",
        ["Node:Sensors:{name}:Cron"] = "Readings by the calendar in place of the interval. Twin: cron.",
        ["Node:Sensors:{name}:Enabled"] = "Whether it is sampled. Twin: enabled.",
        ["Node:Sensors:{name}:Timeout"] = "How long a reading may take before it counts as hung and is given up.",
        ["Node:Sensors:{name}:Startup"] = "When it cannot be read at the start: retry it, ignore it until it is enabled anew, or do not start (error).",
        ["Node:Sensors:{name}:Filters"] = "What is done to values before they go out. Twin: filters.",
        ["Node:Sensors:{name}:Quantities:{quantity}:Decimals"] = "Digits after the decimal point in telemetry; by default those that the unit deserves.",
        ["Node:Sensors:{name}:Quantities:{quantity}:StuckReadings"] = "As many same raw values in a row are marked stuck.",
        ["Node:Sensors:{name}:Quantities:{quantity}:StuckAfter"] = "A raw value that stays the same for as long is marked stuck; zero for never.",
        ["Node:Sensors:{name}:Quantities:{quantity}:StuckTolerance"] = "By how much a raw value may differ and still count as the same.",
        ["Node:Sensors:{name}:Quantities:{quantity}:Minimum"] = "A lower raw value is marked outOfRange.",
        ["Node:Sensors:{name}:Quantities:{quantity}:Maximum"] = "A higher raw value is marked outOfRange.",
        ["Node:Actuators:{name}:Pin"] = "GPIO number (BCM).",
        ["Node:Actuators:{name}:Kind"] = "What it is: a pin that is on or off.",
        ["Node:Actuators:{name}:ActiveLow"] = "Whether a low level switches the load on.",
        ["Node:Actuators:{name}:FailSafe"] = "The state at start, at stop and when the node fails.",
        ["Node:DoWorkInterval"] = "Time between two turns of the hub client while nothing is going on. Twin: doWorkInterval.",
        ["Node:Spool:CapacityBytes"] = "Bytes on disk beyond which the oldest readings go first.",
        ["Node:Spool:MaxAge"] = "Age at which a reading is given up; zero for never.",
        ["Node:Spool:CommitDelay"] = "How long a reading may wait for company before it is made durable.",
        ["Node:Logging:Format"] = "A log line for people, or one JSON object a line.",
    };

    /// <summary>The sentence; null when none was written.</summary>
    public static string? Of(string path) => Sentences.GetValueOrDefault(path);
}
