using System.Device.Gpio;
using Node.Sensors.Emulation;

namespace HilRig.BusServer;

/// <summary>The lines of one peer. They are freed with it and keep mode and level, as a Pi's do when a program dies.</summary>
/// <param name="desk">The lines.</param>
/// <param name="hasLeft">Whether the peer has closed its connection, though nobody has got round to noticing.</param>
internal sealed class LineHolder(LineDesk desk, Func<bool> hasLeft) : IDisposable
{
    private const int LongestConsumer = 31;
    private const int MostLines = 64;
    private const byte NoLevel = 2;
    private readonly GpioController _lines = new(new EmulatedGpioDriver(desk.Chip));
    private readonly HashSet<int> _held = [];
    private readonly Lock _guard = new(); // another peer's connection may find out first that this one has left
    private bool _disposed;

    /// <summary><c>u16 line, u8 mode, u8 level (2 for none), u32 note, text consumer</c>: takes the line, or changes the mode of one that is held.</summary>
    public void Request(ref WireReader request, WireFrame answer)
    {
        int line = Line(ref request);
        byte mode = request.Byte();
        byte level = request.Byte();
        uint note = request.UInt32();
        string consumer = request.Text(LongestConsumer);
        request.End();
        lock (_guard)
        {
            bool isNew = !_held.Contains(line);
            if (isNew && !TryTake(line, consumer))
            {
                answer.Failure(WireErrno.Busy, $"line {line} is held by another program");
                return;
            }
            SetMode(line, mode, level);
            desk.Note(line, note);
            desk.Changed(line, isNew ? LineChange.Requested : LineChange.Reconfigured);
        }
        answer.UInt32(0);
    }

    /// <summary>Frees every line of a peer that has left, so that its next connection need not wait for the end of this one.</summary>
    /// <returns><see langword="false"/> when the peer is still there.</returns>
    public bool TryEnd()
    {
        if (!hasLeft() || !_guard.TryEnter()) // never waits: two that have left could wait for each other
        {
            return false;
        }
        try
        {
            Dispose();
            return true;
        }
        finally
        {
            _guard.Exit();
        }
    }

    /// <summary><c>u16 line</c>.</summary>
    public void Release(ref WireReader request, WireFrame answer)
    {
        int line = Line(ref request);
        request.End();
        lock (_guard)
        {
            if (!_held.Remove(line))
            {
                NotHeld(answer, line);
                return;
            }
            _lines.ClosePin(line);
            desk.Free(line);
        }
        answer.UInt32(0);
    }

    /// <summary><c>u8 count, count × u16 line</c>; answers as many levels.</summary>
    public void Read(ref WireReader request, WireFrame answer)
    {
        int[] lines = new int[Count(ref request)];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = Line(ref request);
        }
        request.End();
        lock (_guard)
        {
            if (lines.FirstOrDefault(line => !_held.Contains(line), -1) is >= 0 and var stranger)
            {
                NotHeld(answer, stranger);
                return;
            }
        }
        answer.UInt32(0);
        foreach (int line in lines)
        {
            answer.Byte(desk.Chip.IsHigh(line) ? (byte)1 : (byte)0);
        }
    }

    /// <summary><c>u8 count, count × (u16 line, u8 level)</c>.</summary>
    public void Write(ref WireReader request, WireFrame answer)
    {
        var levels = new (int Line, PinValue Level)[Count(ref request)];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = (Line(ref request), request.Byte() != 0);
        }
        request.End();
        lock (_guard)
        {
            foreach ((int line, _) in levels)
            {
                if (!_held.Contains(line) || _lines.GetPinMode(line) != PinMode.Output)
                {
                    answer.Failure(WireErrno.NotPermitted, $"line {line} is no output of this connection");
                    return;
                }
            }
            foreach ((int line, PinValue level) in levels)
            {
                _lines.Write(line, level);
            }
        }
        answer.UInt32(0);
    }

    public void Dispose()
    {
        lock (_guard)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            _lines.Dispose();
            foreach (int line in _held)
            {
                desk.Free(line);
            }
            _held.Clear();
        }
    }

    /// <summary>A line number that exists.</summary>
    public static int Line(ref WireReader request)
    {
        int line = request.UInt16();
        return line < LineDesk.LineCount ? line : throw new WireException($"line {line}; there are {LineDesk.LineCount}");
    }

    private static int Count(ref WireReader request) => request.Byte() is > 0 and <= MostLines and var count
        ? count
        : throw new WireException($"a number of lines that is not 1 to {MostLines}");

    private static void NotHeld(WireFrame answer, int line) => answer.Failure(WireErrno.NotPermitted, $"line {line} is not held by this connection");

    private bool TryTake(int line, string consumer)
    {
        if (_disposed || !desk.TryTake(line, this, consumer))
        {
            return false;
        }
        try
        {
            _lines.OpenPin(line);
        }
        catch (IOException)
        {
            desk.Free(line); // a program in this process has it
            return false;
        }
        return _held.Add(line);
    }

    // The controller keeps a level written to an input and passes it along with the mode, so that no other level shows in between.
    private void SetMode(int line, byte mode, byte level)
    {
        if (mode == LineMode.AsIs)
        {
            return;
        }
        if (mode == LineMode.Output && level != NoLevel)
        {
            _lines.Write(line, level != 0);
        }
        _lines.SetPinMode(line, LineMode.ToPinMode(mode));
    }
}
