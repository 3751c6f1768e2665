using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// The pace of a conversation with an SCD41: each command has its time, in which the chip acknowledges nothing. Source: SCD4x datasheet
/// version 1.4, table 9. Owns the commands.
/// </summary>
internal sealed class Scd41Link(SensirionCommands commands, TimeProvider time) : IDisposable
{
    /// <summary>Every command that has no time of its own: one millisecond by the table, and one because a timer may end too early.</summary>
    public static readonly TimeSpan CommandTime = TimeSpan.FromMilliseconds(2);

    /// <summary>Stopping the periodic measurement.</summary>
    public static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Waking up and reinitialising.</summary>
    private static readonly TimeSpan StartUpTime = TimeSpan.FromMilliseconds(30);

    /// <summary>
    /// How long a command may be refused. Every command that is not given its own time is over after 1 ms; what an abandoned attempt or
    /// another program began meanwhile may take as long as a stop.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(550);

    /// <summary>How long the answer to a command may be late beyond its time.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromMilliseconds(20);

    /// <summary>How much too early a timer may end a long wait.</summary>
    private static readonly TimeSpan Earliness = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan LongWait = TimeSpan.FromMilliseconds(100);

    public SensirionCommands Commands { get; } = commands;

    public string Place => Commands.Place;

    /// <summary>The chip may need the time of the table to its end.</summary>
    private static TimeSpan Rest(TimeSpan duration) => duration < LongWait ? duration : duration + Earliness;

    /// <summary>Sends a command and lets it have its time.</summary>
    public async Task DoAsync(ushort command, TimeSpan duration, CancellationToken cancellationToken)
    {
        await Commands.SendAsync(command, null, Patience, cancellationToken);
        await Task.Delay(Rest(duration), time, cancellationToken);
    }

    /// <summary>Sends a command, with an argument if it has one, and reads the word that it answers after its time.</summary>
    public async Task<ushort> AskAsync(ushort command, ushort? argument, TimeSpan duration, CancellationToken cancellationToken)
    {
        await Commands.SendAsync(command, argument, Patience, cancellationToken);
        await Task.Delay(Rest(duration), time, cancellationToken);
        ushort[] answer = new ushort[1];
        await Commands.ReceiveAsync(answer, AnswerPatience, cancellationToken);
        return answer[0];
    }

    /// <summary>Sets a word unless it is in force already.</summary>
    public async Task ConfigureAsync(ushort get, ushort set, ushort word, CancellationToken cancellationToken)
    {
        if (await AskAsync(get, null, CommandTime, cancellationToken) != word) { await SetAsync(get, set, word, cancellationToken); }
    }

    /// <summary>Sets a word and makes sure that it is in force then.</summary>
    public async Task SetAsync(ushort get, ushort set, ushort word, CancellationToken cancellationToken)
    {
        await Commands.SendAsync(set, word, Patience, cancellationToken);
        await Task.Delay(CommandTime, time, cancellationToken);
        ushort inForce = await AskAsync(get, null, CommandTime, cancellationToken);
        if (inForce == word) { return; }

        throw new SensorException(SensorFault.NotReady, string.Create(CultureInfo.InvariantCulture,
            $"{Place}: the SCD41 keeps {inForce} where command 0x{set:X4} should have set {word}: power-cycle it."));
    }

    /// <summary>A sleeping chip obeys this command without acknowledging it, an idle one ignores it, and one that is busy is waited for.</summary>
    /// <param name="longestBusyTime">A chip that is silent for longer is not there; the next command will say so.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WakeAsync(TimeSpan longestBusyTime, CancellationToken cancellationToken)
    {
        Commands.TrySend(Scd41Command.WakeUp);
        await Task.Delay(StartUpTime, time, cancellationToken);
        long start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < longestBusyTime && !Commands.TrySend(Scd41Command.DataReady))
        {
            await Task.Delay(StartUpTime, time, cancellationToken);
        }

        await Task.Delay(CommandTime, time, cancellationToken);
    }

    /// <summary>Loads the settings from the chip's memory, so that nothing of an earlier program is left.</summary>
    public Task ReinitializeAsync(CancellationToken cancellationToken) => DoAsync(Scd41Command.Reinitialize, StartUpTime, cancellationToken);

    /// <summary>Only this family has a serial number of three words with checksums; the variant tells the SCD41 from its siblings.</summary>
    public async Task RequireIdentityAsync(CancellationToken cancellationToken)
    {
        ushort[] serial = new ushort[3];
        await DoAsync(Scd41Command.SerialNumber, CommandTime, cancellationToken);
        await Commands.ReceiveAsync(serial, AnswerPatience, cancellationToken);
        int variant = await AskAsync(Scd41Command.Variant, null, CommandTime, cancellationToken) >> Scd41Command.VariantShift;
        if (variant == Scd41Command.VariantOfScd41) { return; }

        string text = variant == 0
            ? "answers as an SCD40, which has no single shot and another range: fit an SCD41, or configure the chip as what it is"
            : string.Create(CultureInfo.InvariantCulture, $"answers with variant {variant} where an SCD41 has 1: configure the chip as what it is");
        throw new SensorException(SensorFault.WrongId, $"{Place}: {text}.");
    }

    /// <summary>Reading empties the chip's buffer, so a wrong checksum costs the measurement.</summary>
    /// <returns><see langword="null"/> when the buffer was empty after all, because somebody else had read it.</returns>
    public async Task<Scd41Frame?> TryReadMeasurementAsync(CancellationToken cancellationToken)
    {
        ushort[] words = new ushort[Scd41Frame.Words];
        await DoAsync(Scd41Command.ReadMeasurement, CommandTime, cancellationToken);
        return await Commands.TryReceiveAsync(words, AnswerPatience, cancellationToken) ? new Scd41Frame(words[0], words[1], words[2]) : null;
    }

    public void Dispose() => Commands.Dispose();
}
