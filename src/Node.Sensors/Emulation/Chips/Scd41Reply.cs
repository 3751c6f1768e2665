namespace Node.Sensors.Emulation;

/// <summary>What an emulated SCD41 has to tell the host, and until when it hears nothing because a command has its time.</summary>
internal sealed class Scd41Reply(ConversionTime conversionTime)
{
    private byte[]? _answer;
    private TimeSpan _busyUntil;

    public bool IsBusy(TimeSpan now) => now < _busyUntil;

    public void Forget() => _answer = null;

    public void Answer(params ReadOnlySpan<int> words) => _answer = SensirionWord.Encode(words);

    /// <summary>The words of a measurement with their checksums, or <see langword="null"/> when there is none.</summary>
    public void Give(byte[]? frame) => _answer = frame;

    /// <summary>
    /// The 1 ms of the quick commands is their longest time. Typically a chip is through with one by the time the bus has come round to it
    /// again: the kernel's driver reads without a pause. The board's clock does not count what the bus takes, so that is no time here.
    /// </summary>
    public void Occupy(TimeSpan now, int milliseconds) =>
        _busyUntil = now + TimeSpan.FromMilliseconds(milliseconds == 1 ? conversionTime.Of(0, 1) : milliseconds);

    /// <summary>A read takes the answer. After its last byte the data line stays high.</summary>
    /// <returns><see langword="false"/> when there is nothing to tell.</returns>
    public bool TryTake(Span<byte> bytes)
    {
        if (_answer is null) { return false; }

        bytes.Fill(0xFF);
        int length = Math.Min(bytes.Length, _answer.Length);
        _answer.AsSpan(0, length).CopyTo(bytes);
        _answer = null;
        return true;
    }
}
