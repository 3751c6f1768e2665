using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Node.Sensors.Bus.Gpio;

namespace Node.Sensors.Tests.Bus.Gpio;

/// <summary>
/// GPIO chips as the kernel's header describes them, answered byte for byte: offsets and numbers are written out here anew, so that a
/// mistake in the driver's own is seen.
/// </summary>
internal sealed class FakeKernel : IKernel
{
    private readonly List<(string Path, string Label, Line[] Lines)> _chips = [];
    private readonly ConcurrentDictionary<int, object> _descriptors = new();
    private readonly object _gate = new();
    private bool _happened;
    private int _nextFd = 3;

    public bool KnowsVersion2 { get; set; } = true;

    public int DeniedErrno { get; set; }

    public int OpenDescriptors => _descriptors.Count;

    public FakeKernel With(string path, string label, int lines = 54)
    {
        _chips.Add((path, label, [.. Enumerable.Range(0, lines).Select(_ => new Line())]));
        return this;
    }

    public Line LineOf(int line, int chip = 0) => _chips[chip].Lines[line];

    /// <summary>An edge on the pin; <paramref name="lost"/> edges before it found no room.</summary>
    public void Edge(int line, bool rising, ulong nanoseconds, uint lost = 0)
    {
        Line at = LineOf(line);
        at.Sequence += lost + 1;
        byte[] told = new byte[48];
        BinaryPrimitives.WriteUInt64LittleEndian(told, nanoseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(told.AsSpan(8), rising ? 1u : 2u);
        BinaryPrimitives.WriteUInt32LittleEndian(told.AsSpan(12), (uint)line);
        BinaryPrimitives.WriteUInt32LittleEndian(told.AsSpan(16), at.Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(told.AsSpan(20), at.Sequence);
        at.Events.Enqueue(told);
        Happen();
    }

    public int Open(string path)
    {
        int chip = _chips.FindIndex(candidate => candidate.Path == path);
        return DeniedErrno != 0 && path.EndsWith('0') ? -DeniedErrno : chip < 0 ? -2 : Add(chip);
    }

    public void Close(int fd)
    {
        if (_descriptors.TryRemove(fd, out object? closed) && closed is Line line) { line.Consumer = null; }
    }

    public int Ioctl(int fd, uint request, Span<byte> argument)
    {
        switch (_descriptors[fd], request)
        {
            case (int chip, 0x8044B401):
                Encoding.ASCII.GetBytes(Path.GetFileName(_chips[chip].Path), argument);
                Encoding.ASCII.GetBytes(_chips[chip].Label, argument[32..]);
                BinaryPrimitives.WriteInt32LittleEndian(argument[64..], _chips[chip].Lines.Length);
                return 0;
            case (int chip, 0xC100B405):
                return KnowsVersion2 ? Describe(_chips[chip].Lines, argument) : -22;
            case (int chip, 0xC250B407):
                return Request(_chips[chip].Lines, argument);
            case (Line line, 0xC110B40D):
                line.Configure(argument);
                return 0;
            case (Line line, 0xC010B40E):
                Assert.Equal(1, argument[8]);
                argument[0] = line.Level ? (byte)1 : (byte)0;
                return 0;
            case (Line line, 0xC010B40F):
                Assert.Equal(1, argument[8]);
                line.Drive(argument[0] == 1);
                return 0;
            default:
                return -25;
        }
    }

    public int Read(int fd, Span<byte> buffer)
    {
        if (!_descriptors.TryGetValue(fd, out object? opened) || opened is not Line line) { return opened is null ? -9 : 8; }

        int length = 0;
        while (length + 48 <= buffer.Length && line.Events.TryDequeue(out byte[]? told))
        {
            told.CopyTo(buffer[length..]);
            length += 48;
        }

        return length;
    }

    public int Poll(ReadOnlySpan<int> descriptors, Span<bool> ready)
    {
        lock (_gate)
        {
            while (!_happened) { Monitor.Wait(_gate); }

            _happened = false;
        }

        for (int i = 0; i < descriptors.Length; i++)
        {
            ready[i] = _descriptors.TryGetValue(descriptors[i], out object? opened) && opened is Line { Events.IsEmpty: false };
        }

        return 1;
    }

    public int CreateWaker() => Add("waker");

    public void Wake(int fd) => Happen();

    private void Happen()
    {
        lock (_gate)
        {
            _happened = true;
            Monitor.PulseAll(_gate);
        }
    }

    private int Add(object opened)
    {
        int fd = Interlocked.Increment(ref _nextFd);
        _descriptors[fd] = opened;
        return fd;
    }

    private static int Describe(Line[] lines, Span<byte> argument)
    {
        int offset = BinaryPrimitives.ReadInt32LittleEndian(argument[64..]);
        if (offset >= lines.Length) { return -22; }

        Line line = lines[offset];
        Encoding.ASCII.GetBytes(line.Consumer ?? "", argument[32..]);
        BinaryPrimitives.WriteUInt64LittleEndian(argument[72..], (line.Consumer is null ? 0UL : 1) | (line.IsOutput ? 8UL : 4));
        return 0;
    }

    private int Request(Line[] lines, Span<byte> argument)
    {
        Assert.Equal(1, BinaryPrimitives.ReadInt32LittleEndian(argument[560..]));
        Line line = lines[BinaryPrimitives.ReadInt32LittleEndian(argument)];
        if (line.Consumer is not null) { return -16; }

        line.Consumer = Encoding.ASCII.GetString(argument.Slice(256, 32)).TrimEnd('\0');
        line.Configure(argument.Slice(288, 272));
        BinaryPrimitives.WriteInt32LittleEndian(argument[588..], Add(line));
        return 0;
    }

    internal sealed class Line
    {
        public string? Consumer { get; set; }

        public ulong Flags { get; private set; }

        public bool IsOutput { get; private set; }

        public bool Latch { get; private set; }

        public bool Input { get; set; }

        public uint Sequence { get; set; }

        public ConcurrentQueue<byte[]> Events { get; } = new();

        /// <summary>Every level that the pin showed as an output, in order.</summary>
        public List<bool> Shown { get; } = [];

        public bool Level => IsOutput ? Latch : Input;

        public void Configure(Span<byte> config)
        {
            Flags = BinaryPrimitives.ReadUInt64LittleEndian(config);
            bool wasOutput = IsOutput;
            IsOutput = (Flags & 8) != 0 || (IsOutput && (Flags & 4) == 0);
            int attributes = BinaryPrimitives.ReadInt32LittleEndian(config[8..]);
            if (attributes == 1 && BinaryPrimitives.ReadInt32LittleEndian(config[32..]) == 2)
            {
                Assert.Equal(1UL, BinaryPrimitives.ReadUInt64LittleEndian(config[48..]));
                Latch = config[40] == 1;
            }
            else if ((Flags & 8) != 0)
            {
                Latch = false; // The kernel drives an output without a value low.
            }

            if (IsOutput && (!wasOutput || Shown.Count == 0 || Shown[^1] != Latch)) { Shown.Add(Latch); }
        }

        public void Drive(bool high)
        {
            Latch = high;
            Shown.Add(high);
        }
    }
}
