namespace Node.Benchmarks.Report;

/// <summary>
/// MQTTnet's low-level client divided by Azure's device SDKs, measured side by side on 2026-11-22: 2 virtual cores of an AMD EPYC, the
/// C SDK 1.15.0 and the Node SDK 1.18.4, the sink's like and mosquitto. They turn a ratio to MQTTnet into one to an SDK.
/// </summary>
internal static class Anchors
{
    /// <summary>Device-to-cloud rate, sink, window 100: 47,933 of 110,132 messages a second in pairs.</summary>
    public const double RateToC = 0.49;

    /// <summary>The same against the C SDK with 20,000 queued at once, which then falls to 0.38 of its own rate.</summary>
    public const double RateToCAtOnce = RateToC / 0.38;

    /// <summary>CPU of MQTTnet in a loop (27.5 µs) to the C SDK's at 1 ms (8.1 µs), sink, window 100.</summary>
    public const double CpuToCAtCadence = 27.5 / 8.1;

    /// <summary>The same on mosquitto: 29.2 and 9.3 µs.</summary>
    public const double CpuToCAtCadenceMosquitto = 29.2 / 9.3;

    /// <summary>A confirmation, sink: median 0.059 and 0.031 ms, 99 of 100 within 0.210 and 0.097 ms; its CPU was not taken.</summary>
    public static readonly LatencyAnchor Latency = new("sink", 0.059 / 0.031, 0.210 / 0.097, null);

    /// <summary>A confirmation, mosquitto: a median ratio of 2.3, 99 of 100 within 0.274 and 0.110 ms, CPU 140 and 45 µs.</summary>
    public static readonly LatencyAnchor LatencyMosquitto = new("mosquitto", 2.3, 0.274 / 0.110, 140.0 / 45);

    /// <summary>Warm connect: 2.9 and 23.1 ms.</summary>
    public const double ConnectToC = 2.9 / 23.1;

    /// <summary>Warm connect, Node: 3.95 ms.</summary>
    public const double ConnectToNode = 2.9 / 3.95;

    /// <summary>A whole process, JIT, Node: 0.260 and 0.453 s.</summary>
    public const double ProcessToNode = 0.260 / 0.453;

    /// <summary>Resident, Node: 48,302 and 75,144 kB.</summary>
    public const double ResidentToNode = 48_302.0 / 75_144;

    /// <summary>Private dirty, Node: 11,802 and 32,510 kB.</summary>
    public const double DirtyToNode = 11_802.0 / 32_510;

    /// <summary>Cloud-to-device rate, sink.</summary>
    public const double C2dRateToC = 0.60;

    /// <summary>Cloud-to-device CPU, sink: 33.0 and 15.7 µs.</summary>
    public const double C2dCpuToC = 33.0 / 15.7;

    /// <summary>Heap bytes of the C SDK for each message queued offline.</summary>
    public const double CQueuedBytes = 768;

    /// <summary>Heap bytes of the C SDK for each device-to-cloud message.</summary>
    public const double CSentBytes = 2_562;

    /// <summary>Heap bytes of the C SDK for each cloud-to-device message.</summary>
    public const double CReceivedBytes = 1_239;

    /// <summary>The C SDK's idle call to a bare poll of a socket: 2,620 and 1,463 ns.</summary>
    public const double CIdleToPoll = 2_620.0 / 1_463;
}

/// <summary>MQTTnet's low-level client to the C SDK, one message at a time.</summary>
/// <param name="Broker">On which broker.</param>
/// <param name="Median">Ratio of the medians.</param>
/// <param name="High">Ratio of the times that 99 of 100 messages do not exceed.</param>
/// <param name="Cpu">Ratio of CPU; null where it is not known.</param>
internal sealed record LatencyAnchor(string Broker, double Median, double High, double? Cpu);
