using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// The conversation with an SHT31 outside its measurements: commands with their pause, the status word and what it tells. Source: SHT3x-DIS
/// datasheet version 5, sections 4.4 to 4.11. Owns the commands.
/// </summary>
internal sealed class Sht31Link(SensirionCommands commands, TimeProvider time) : IDisposable
{
    /// <summary>The least time between a command and what follows it; section 4.4.</summary>
    public static readonly TimeSpan CommandPause = TimeSpan.FromMilliseconds(1);

    /// <summary>Power-up and soft reset take at most 1.5 ms (table 4); a command is offered, and an answer asked for, until twice that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(3);

    public SensirionCommands Commands { get; } = commands;

    /// <summary>Bus and address, to begin an error text with.</summary>
    public string Place => Commands.Place;

    /// <summary>Leaves periodic mode, because only outside it a soft reset is obeyed (section 4.9), and resets the chip.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await DoAsync(Sht31Command.Break, null, cancellationToken);
        await DoAsync(Sht31Command.SoftReset, null, cancellationToken);
    }

    /// <summary>The chip has no id. What it has is a status word with a checksum, in which a reset that has just been asked for must show.</summary>
    public async Task RequireIdentityAsync(CancellationToken cancellationToken)
    {
        ushort status = await ReadStatusAsync(cancellationToken);
        if ((status & (Sht31Command.ResetDetected | Sht31Command.AlwaysZero)) == Sht31Command.ResetDetected) { return; }

        throw new SensorException(SensorFault.WrongId,
            $"{Place}: answers with status {Hex(status)}, which an SHT31 never has after a reset: another chip has this address; configure that chip, or change the address strap.");
    }

    /// <summary>Sends a command and makes sure that the chip carried it out.</summary>
    public async Task ConfigureAsync(ushort command, ushort? argument, CancellationToken cancellationToken)
    {
        await DoAsync(command, argument, cancellationToken);
        ushort status = await ReadStatusAsync(cancellationToken);
        if ((status & (Sht31Command.CommandFailed | Sht31Command.WriteChecksumFailed)) != 0)
        {
            throw new SensorException(SensorFault.NotReady, $"{Place}: the SHT31 refused command {Hex(command)} (status {Hex(status)}): power-cycle it.");
        }
    }

    /// <summary>The status word of a chip that is awake.</summary>
    /// <returns><see langword="null"/> when it does not acknowledge the question, as a chip that is just starting does not.</returns>
    public async Task<ushort?> TryReadStatusAsync(CancellationToken cancellationToken)
    {
        if (!Commands.TrySend(Sht31Command.ReadStatus)) { return null; }

        await Task.Delay(CommandPause, time, cancellationToken);
        return (await ReceiveAsync(1, cancellationToken))[0];
    }

    /// <summary>The number that the factory gave to this unit.</summary>
    public async Task<uint> ReadSerialNumberAsync(CancellationToken cancellationToken)
    {
        await DoAsync(Sht31Command.ReadSerialNumber, null, cancellationToken);
        ushort[] words = await ReceiveAsync(2, cancellationToken);
        return ((uint)words[0] << 16) | words[1];
    }

    public void Dispose() => Commands.Dispose();

    private static string Hex(ushort value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:X4}");

    private async Task DoAsync(ushort command, ushort? argument, CancellationToken cancellationToken)
    {
        await Commands.SendAsync(command, argument, Patience, cancellationToken);
        await Task.Delay(CommandPause, time, cancellationToken);
    }

    private async Task<ushort> ReadStatusAsync(CancellationToken cancellationToken)
    {
        await DoAsync(Sht31Command.ReadStatus, null, cancellationToken);
        return (await ReceiveAsync(1, cancellationToken))[0];
    }

    private async Task<ushort[]> ReceiveAsync(int count, CancellationToken cancellationToken)
    {
        ushort[] words = new ushort[count];
        await Commands.ReceiveAsync(words, Patience, cancellationToken);
        return words;
    }
}
