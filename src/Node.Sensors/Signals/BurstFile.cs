using System.Buffers.Binary;

namespace Node.Sensors.Signals;

/// <summary>
/// A burst being written: a WAV file with one channel for each axis. It is called <c>.part</c> until it is complete and on the disk; a file
/// that a crash left behind is put right by <see cref="BurstFolder.Recover"/>. One caller at a time.
/// </summary>
public sealed class BurstFile : IDisposable
{
    /// <summary>What a killed process loses at most. A power cut costs what the kernel had not yet written, mostly the last 30 seconds.</summary>
    private const int BufferBytes = 4096;

    private readonly BurstHeader _header;
    private readonly BurstState _state = new();
    private readonly FileStream _file;
    private readonly byte[] _frame;
    private readonly string _path;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Where the complete file will be; <c>.part</c> is added until then. An older one of this name is replaced.</param>
    /// <param name="header">What the file says of its samples.</param>
    /// <exception cref="ArgumentException">The header has a value outside its range.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public BurstFile(string path, BurstHeader header)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(header);
        header.Validate();
        _path = path;
        _header = header;
        _frame = new byte[header.Channels.Count * sizeof(short)];
        byte[] first = WavHeader.Write(header, _state);
        _file = new FileStream(path + BurstFolder.PartSuffix, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, BufferBytes);
        _file.Write(first);
    }

    /// <summary>Samples in each channel so far.</summary>
    public long Samples => _state.Samples;

    /// <summary>How often samples may be missing.</summary>
    public long Gaps => _state.GapCount;

    /// <summary>Samples with a value at an end of the range.</summary>
    public long Clipped => _state.Clipped;

    /// <summary>Appends one sample: a value for each channel, in the header's unit. What 16 bits cannot hold is clipped.</summary>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    public void Append(ReadOnlySpan<double> values, bool isClipped = false)
    {
        if (values.Length != _header.Channels.Count) { throw new ArgumentException($"The file has {_header.Channels.Count} channels.", nameof(values)); }

        for (int i = 0; i < values.Length; i++)
        {
            double counts = Math.Round(values[i] / _header.UnitsPerCount, MidpointRounding.AwayFromZero);
            isClipped |= counts is > short.MaxValue or < short.MinValue;
            BinaryPrimitives.WriteInt16LittleEndian(_frame.AsSpan(i * sizeof(short)), (short)Math.Clamp(counts, short.MinValue, short.MaxValue));
        }

        _file.Write(_frame);
        _state.Samples++;
        _state.Clipped += isClipped ? 1 : 0;
    }

    /// <summary>Notes that samples may be missing before the next one.</summary>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    public void NoteGap()
    {
        _state.NoteGap();
        WriteHeader();
    }

    /// <summary>Ends the file, forces it to the disk and gives it its name.</summary>
    /// <returns>The complete file's path.</returns>
    /// <exception cref="IOException">The disk is full or gone; the part file stays for <see cref="BurstFolder.Recover"/>.</exception>
    public string Complete()
    {
        _state.IsComplete = true;
        WriteHeader();
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_path + BurstFolder.PartSuffix, _path, overwrite: true);
        return _path;
    }

    /// <summary>Closes the file. One that was not completed keeps its <c>.part</c> name.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Nothing is forced to the disk while samples come: waiting for an SD card would lose some.</summary>
    private void WriteHeader()
    {
        _file.Position = 0;
        _file.Write(WavHeader.Write(_header, _state));
        _file.Seek(0, SeekOrigin.End);
    }
}
