using System.Buffers.Binary;
using System.Device.I2c;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>
/// The language of Sensirion's chips: commands of 16 bits without a checksum, and words of 16 bits each followed by one. Command and answer
/// are two transactions with a pause between. Source: SHT3x-DIS datasheet, sections 4.1 and 4.12; SCD4x datasheet, sections 3.2 to 3.4 and 3.11.
/// Owns the device.
/// </summary>
internal sealed class SensirionCommands(I2cDevice device, int attempts, TimeProvider time) : IDisposable
{
    /// <summary>From one offer that the chip refused to the next.</summary>
    private static readonly TimeSpan OfferPeriod = TimeSpan.FromMilliseconds(1);

    private const int CommandLength = 2;
    private const int WordLength = 3;

    /// <summary>The longest answer of the supported chips, a serial number or a measurement of three words.</summary>
    private const int MostWords = 3;

    private readonly I2cTransfers _transfers = new(device, attempts);

    /// <summary>Bus and address, to begin an error text with.</summary>
    public string Place => _transfers.Place;

    /// <summary>CRC-8 with polynomial 0x31 and initial value 0xFF, nothing reflected or inverted; SHT3x-DIS datasheet, table 20.</summary>
    public static byte Checksum(ushort word)
    {
        int crc = 0xFF;
        foreach (int data in (ReadOnlySpan<int>)[word >> 8, word & 0xFF])
        {
            crc ^= data;
            for (int bit = 0; bit < 8; bit++) { crc = (crc & 0x80) == 0 ? crc << 1 : (crc << 1) ^ 0x31; }
        }

        return (byte)crc;
    }

    /// <summary>Sends a command, and its arguments if it has any.</summary>
    public void Send(ushort command, params ReadOnlySpan<ushort> arguments) => _transfers.Write(Encode(command, arguments));

    /// <summary>Offers a command until the chip acknowledges it: a chip that is busy or starting acknowledges nothing.</summary>
    /// <param name="command">The command.</param>
    /// <param name="argument">Its argument, if it has one.</param>
    /// <param name="patience">How long a healthy chip may refuse.</param>
    /// <param name="cancellationToken">Ends the offers.</param>
    /// <exception cref="SensorException">Nothing acknowledged in all that time, or the bus failed otherwise.</exception>
    public async Task SendAsync(ushort command, ushort? argument, TimeSpan patience, CancellationToken cancellationToken)
    {
        byte[] bytes = Encode(command, argument is { } word ? [word] : []);
        long start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < patience)
        {
            if (_transfers.TryWrite(bytes)) { return; }

            await Task.Delay(OfferPeriod, time, cancellationToken);
        }

        _transfers.Write(bytes); // the last offer, which throws if it is refused too
    }

    /// <summary>Asks for an answer until the chip has it: one that is still busy refuses its address.</summary>
    /// <param name="words">Takes the answer.</param>
    /// <param name="patience">How long a healthy chip may refuse.</param>
    /// <param name="cancellationToken">Ends the questions.</param>
    /// <exception cref="SensorException">As <see cref="Receive"/>.</exception>
    public async Task ReceiveAsync(ushort[] words, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await TryReceiveAsync(words, patience, cancellationToken)) { Receive(words); }
    }

    /// <summary>As <see cref="ReceiveAsync"/>, for an answer that need not come.</summary>
    /// <returns><see langword="false"/> when the chip refused all the time.</returns>
    public async Task<bool> TryReceiveAsync(ushort[] words, TimeSpan patience, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            bool late = time.GetElapsedTime(start) >= patience; // judged before the look, so that a slow scheduler never fails a chip that is ready
            if (TryReceive(words)) { return true; }

            if (late) { return false; }

            await Task.Delay(OfferPeriod, time, cancellationToken);
        }
    }

    /// <summary>Sends a command that a healthy chip need not acknowledge, once.</summary>
    /// <returns><see langword="false"/> when nothing acknowledged.</returns>
    public bool TrySend(ushort command) => _transfers.TryWrite((byte)(command >> 8), (byte)command);

    /// <summary>Reads the words of an answer that must be there by now.</summary>
    /// <exception cref="SensorException">The bus failed, or a checksum does not match (<see cref="SensorFault.ChecksumMismatch"/>).</exception>
    public void Receive(Span<ushort> words)
    {
        Span<byte> bytes = stackalloc byte[MostWords * WordLength];
        bytes = bytes[..(words.Length * WordLength)];
        _transfers.Read(bytes);
        Decode(bytes, words);
    }

    /// <summary>Asks once whether an answer is there, and reads it.</summary>
    /// <returns><see langword="false"/> when the chip did not acknowledge: it has nothing to tell yet, or it is gone.</returns>
    /// <exception cref="SensorException">The bus failed otherwise, or a checksum does not match (<see cref="SensorFault.ChecksumMismatch"/>).</exception>
    public bool TryReceive(Span<ushort> words)
    {
        Span<byte> bytes = stackalloc byte[MostWords * WordLength];
        bytes = bytes[..(words.Length * WordLength)];
        if (!_transfers.TryRead(bytes)) { return false; }

        Decode(bytes, words);
        return true;
    }

    public void Dispose() => _transfers.Dispose();

    private static byte[] Encode(ushort command, ReadOnlySpan<ushort> arguments)
    {
        byte[] bytes = new byte[CommandLength + (WordLength * arguments.Length)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, command);
        for (int i = 0; i < arguments.Length; i++)
        {
            Span<byte> word = bytes.AsSpan(CommandLength + (WordLength * i), WordLength);
            BinaryPrimitives.WriteUInt16BigEndian(word, arguments[i]);
            word[2] = Checksum(arguments[i]);
        }

        return bytes;
    }

    private void Decode(ReadOnlySpan<byte> bytes, Span<ushort> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            ReadOnlySpan<byte> word = bytes.Slice(WordLength * i, WordLength);
            words[i] = BinaryPrimitives.ReadUInt16BigEndian(word);
            if (word[2] == Checksum(words[i])) { continue; }

            throw new SensorException(SensorFault.ChecksumMismatch, string.Create(CultureInfo.InvariantCulture,
                $"{Place}: word {i + 1} of {words.Length} came as 0x{words[i]:X4} with checksum 0x{word[2]:X2} instead of 0x{Checksum(words[i]):X2}: check the wiring, the pull-up resistors and the cable's length."));
        }
    }
}
