using System.Device.Gpio;

namespace Node.Sensors.Bus.Gpio;

/// <summary>One line that the program has opened. It is taken from the kernel with its first mode, so that direction, bias and level come together.</summary>
internal sealed class RequestedLine(IKernel kernel, LineChip chip, int number) : IDisposable
{
    private readonly Lock _gate = new();
    private int _fd = -1;
    private PinMode? _mode;
    private bool _latch;
    private ulong _edges;
    private bool _disposed;

    /// <summary>The descriptor that tells edges; negative while none are wanted.</summary>
    public int EdgeDescriptor
    {
        get
        {
            lock (_gate) { return _edges != 0 && !_disposed ? _fd : -1; }
        }
    }

    public bool IsOutput
    {
        get
        {
            lock (_gate) { return _mode == PinMode.Output; }
        }
    }

    /// <summary>The mode given to it, or how the kernel says that it stands.</summary>
    public PinMode Mode
    {
        get
        {
            lock (_gate) { return _mode ?? ((chip.StatusOf(number).Flags & LineUapi.FlagOutput) != 0 ? PinMode.Output : PinMode.Input); }
        }
    }

    /// <summary>Sets direction and bias, and for an output the level, in one step.</summary>
    public void SetMode(PinMode mode, PinValue? initial)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _latch = initial is { } value ? value == PinValue.High : _latch;
            _edges = mode == PinMode.Output ? 0 : _edges;
            Apply(FlagsOf(mode) | _edges);
            _mode = mode;
        }
    }

    /// <summary>Asks the kernel for edges, in addition to those asked for before.</summary>
    public void WantEdges(PinEventTypes types)
    {
        lock (_gate)
        {
            ulong wanted = _edges | (types.HasFlag(PinEventTypes.Rising) ? LineUapi.FlagRising : 0) | (types.HasFlag(PinEventTypes.Falling) ? LineUapi.FlagFalling : 0);
            if (wanted != _edges)
            {
                Apply(FlagsOf(_mode ?? PinMode.Input) | wanted);
                _mode ??= PinMode.Input;
                _edges = wanted;
            }
        }
    }

    public PinValue Read()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_fd < 0) { Apply(0); } // As it is: reading must not change its direction.

            Span<byte> values = stackalloc byte[LineUapi.ValuesLength];
            values.Clear();
            values[LineUapi.ValuesMask] = 1;
            LineChip.ThrowIfFailed(kernel.Ioctl(_fd, LineUapi.GetValues, values), number, "cannot be read");
            return (values[0] & 1) != 0 ? PinValue.High : PinValue.Low;
        }
    }

    /// <summary>An output changes at once; anything else keeps the level for the moment when it becomes an output.</summary>
    public void Write(PinValue value)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _latch = value == PinValue.High;
            if (_mode != PinMode.Output) { return; }

            Span<byte> values = stackalloc byte[LineUapi.ValuesLength];
            values.Clear();
            values[0] = _latch ? (byte)1 : (byte)0;
            values[LineUapi.ValuesMask] = 1;
            LineChip.ThrowIfFailed(kernel.Ioctl(_fd, LineUapi.SetValues, values), number, "cannot be driven");
        }
    }

    /// <summary>Gives the line back to the kernel.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) { return; }

            _disposed = true;
            if (_fd >= 0) { kernel.Close(_fd); }
        }
    }

    private void Apply(ulong flags)
    {
        if (_fd < 0)
        {
            _fd = chip.Request(number, flags, _latch);
            return;
        }

        byte[] config = new byte[LineUapi.ConfigLength];
        LineChip.Configure(config, flags, _latch);
        LineChip.ThrowIfFailed(kernel.Ioctl(_fd, LineUapi.SetConfig, config), number, "cannot be configured");
    }

    private static ulong FlagsOf(PinMode mode) => mode switch
    {
        PinMode.Output => LineUapi.FlagOutput,
        PinMode.InputPullUp => LineUapi.FlagInput | LineUapi.FlagPullUp,
        PinMode.InputPullDown => LineUapi.FlagInput | LineUapi.FlagPullDown,
        _ => LineUapi.FlagInput,
    };
}
