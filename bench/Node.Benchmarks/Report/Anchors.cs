namespace Node.Benchmarks.Report;

/// <summary>
/// MQTTnet's low-level client, and a floor like ours, divided by Azure's device SDKs, measured side by side on 2026-11-22: 2 virtual cores of an
/// AMD EPYC, the C SDK 1.15.0 and the Node SDK 1.18.4, the sink's like and mosquitto. They turn a ratio to one of the two into one to an SDK.
/// </summary>
internal static class Anchors
{
    /// <summary>Device-to-cloud rate, sink, window 100: 47,933 of 110,132 messages a second in pairs.</summary>
    public const double RateToC = 0.49;

    /// <summary>The floor's: a median ratio of 17 (14 to 23).</summary>
    public const double FloorRateToC = 17;

    /// <summary>What the C SDK keeps of its rate with 20,000 queued at once.</summary>
    public const double CAtOnce = 0.38;

    /// <summary>CPU of MQTTnet in a loop (27.5 µs) to the C SDK's at 1 ms (8.1 µs), sink, window 100.</summary>
    public const double CpuToCAtCadence = 27.5 / 8.1;

    /// <summary>The floor's, in a loop: 0.52 µs.</summary>
    public const double FloorCpuToCAtCadence = 0.52 / 8.1;

    /// <summary>MQTTnet on mosquitto: 29.2 and 9.3 µs.</summary>
    public const double CpuToCAtCadenceMosquitto = 29.2 / 9.3;

    /// <summary>The floor on mosquitto: 17.4 µs.</summary>
    public const double FloorCpuToCAtCadenceMosquitto = 17.4 / 9.3;

    /// <summary>A confirmation, sink: median 0.059 and 0.031 ms, 99 of 100 within 0.210 and 0.097 ms; its CPU was not taken. The floor: 0.040 and 0.099 ms.</summary>
    public static readonly LatencyAnchor Latency = new("sink", new(0.059 / 0.031, 0.040 / 0.031), new(0.210 / 0.097, 0.099 / 0.097), null);

    /// <summary>A confirmation, mosquitto: a median ratio of 2.3, 99 of 100 within 0.274 and 0.110 ms, CPU 140 and 45 µs. The floor: 1.25, 0.103 ms, 24 µs.</summary>
    public static readonly LatencyAnchor LatencyMosquitto = new("mosquitto", new(2.3, 1.25), new(0.274 / 0.110, 0.103 / 0.110), new(140.0 / 45, 24.0 / 45));

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

    /// <summary>The floor's cloud-to-device rate, in a cold process, so that the estimate is on the low side.</summary>
    public const double FloorC2dRateToC = 11.4;

    /// <summary>The floor's cloud-to-device CPU, in a cold process: 1.31 µs.</summary>
    public const double FloorC2dCpuToC = 1.31 / 15.7;

    /// <summary>A whole process, MQTTnet, to the C SDK's resident set: 48,302 and 8,448 kB.</summary>
    public const double ResidentToC = 48_302.0 / 8_448;

    /// <summary>Heap bytes of the C SDK for each message queued offline.</summary>
    public const double CQueuedBytes = 768;

    /// <summary>Heap bytes of the C SDK for each device-to-cloud message.</summary>
    public const double CSentBytes = 2_562;

    /// <summary>Heap bytes of the C SDK for each cloud-to-device message.</summary>
    public const double CReceivedBytes = 1_239;

    /// <summary>The C SDK's idle call to a bare poll of a socket: 2,620 and 1,463 ns.</summary>
    public const double CIdleToPoll = 2_620.0 / 1_463;
}

/// <summary>MQTTnet's low-level client and the floor to the C SDK, one message at a time.</summary>
/// <param name="Broker">On which broker.</param>
/// <param name="Median">Ratios of the medians.</param>
/// <param name="High">Ratios of the times that 99 of 100 messages do not exceed.</param>
/// <param name="Cpu">Ratios of CPU; null where they are not known.</param>
internal sealed record LatencyAnchor(string Broker, Estimate Median, Estimate High, Estimate? Cpu);
