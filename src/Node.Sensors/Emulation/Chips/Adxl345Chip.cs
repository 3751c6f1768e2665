using System.Device.Spi;

namespace Node.Sensors.Emulation;

/// <summary>
/// An ADXL345 at register level, with its FIFO, its motion detection and its two interrupt outputs. On SPI the first byte of an exchange is
/// read bit, burst bit and register; without the burst bit every further byte means the same register. On I2C the first byte of a write is
/// the register, which outlives STOP, and both directions run on. Reading DATAX0 to DATAZ1 takes one
/// level of the FIFO at the end of the exchange. There is no soft reset. Source: ADXL345 datasheet, rev. E.
/// </summary>
public sealed class Adxl345Chip : EmulatedSpiChip
{
    internal const byte DataReady = 0x80;
    internal const byte SingleTap = 0x40;
    internal const byte DoubleTap = 0x20;
    internal const byte Activity = 0x10;
    internal const byte Inactivity = 0x08;
    internal const byte FreeFall = 0x04;
    internal const byte Watermark = 0x02;
    internal const byte Overrun = 0x01;

    /// <summary>The functions that stay set until INT_SOURCE is read.</summary>
    internal const byte Latched = SingleTap | DoubleTap | Activity | Inactivity | FreeFall;

    private const byte OffsetX = 0x1E;
    private const byte Rate = 0x2C;
    private const byte PowerControl = 0x2D;
    internal const byte InterruptEnable = 0x2E;
    internal const byte InterruptMap = 0x2F;
    private const byte InterruptSource = 0x30;
    internal const byte DataFormat = 0x31;
    private const byte Data = 0x32;
    private const int DataLength = 6;
    private const byte FifoControl = 0x38;
    private const int Measure = 0x08;
    private const int Sleep = 0x04;
    private const int ThreeWire = 0x40;

    private readonly EmulatedSurroundings _surroundings;
    private readonly Adxl345Converter _converter;
    private readonly RegisterMap _registers = new();
    private readonly Adxl345Fifo _fifo = new();
    private readonly Adxl345Sampler _sampler;
    private readonly Adxl345Motion _motion;
    private readonly Adxl345Interrupts _interrupts;
    private byte _pointer;
    private TimeSpan _now;

    internal Adxl345Chip(EmulatedSurroundings surroundings, int seed, EmulatedChipOptions options)
        : base("ADXL345")
    {
        _surroundings = surroundings;
        _converter = new Adxl345Converter(surroundings.Ambient, surroundings.Noise(seed, options.HasTolerances));
        _sampler = new Adxl345Sampler(Take);
        _motion = new Adxl345Motion(_registers);
        DescribeRegisters();
        _interrupts = new Adxl345Interrupts(_registers, _fifo, _sampler,
            EmulatedInterruptLine.Wire(surroundings, options.InterruptPin, Wake), EmulatedInterruptLine.Wire(surroundings, options.SecondInterruptPin, Wake));
        PowerOnReset();
        PublishLines();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RegisterDescription> Registers => _registers.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _registers.Cover(Name);

    /// <inheritdoc/>
    public override IReadOnlyList<SpiMode> Modes { get; } = [SpiMode.Mode3];

    /// <inheritdoc/>
    public override int MaximumClockHertz => 5_000_000;

    private bool IsSleeping => (_registers[PowerControl] & Sleep) != 0 || _motion.IsAsleep;

    /// <summary>Of the output data rate, or while it sleeps of 8 Hz and its halves (POWER_CTL bits 1:0).</summary>
    private TimeSpan Period => _surroundings.Slowed(IsSleeping
        ? TimeSpan.FromMilliseconds(125) * (1 << (_registers[PowerControl] & 3))
        : Adxl345Sampler.PeriodOf(_registers[Rate] & 0x0F));

    internal override void PublishLines() => _interrupts.Tell();

    private protected override void Answer(ReadOnlySpan<byte> mosi, Span<byte> miso, int clockHertz)
    {
        BringUpToDate();
        bool reads = (mosi[0] & 0x80) != 0;
        int step = (mosi[0] & 0x40) != 0 ? 1 : 0;
        int address = mosi[0] & 0x3F;
        bool drives = (_registers[DataFormat] & ThreeWire) == 0;
        bool took = false;
        for (int i = 1; i < mosi.Length; i++, address = (address + step) & 0x3F)
        {
            if (reads)
            {
                byte value = _registers.Read((byte)address);
                took |= address is >= Data and < Data + DataLength;
                if (drives) { miso[i] = value; }
            }
            else
            {
                _registers.Write((byte)address, mosi[i]);
            }
        }

        if (took) { _fifo.Take(); }

        _interrupts.Show();
    }

    private protected override bool AcceptWrite(ReadOnlySpan<byte> bytes)
    {
        BringUpToDate();
        if (bytes.IsEmpty) { return true; }

        _pointer = bytes[0];
        byte address = _pointer;
        foreach (byte value in bytes[1..]) { _registers.Write(address++, value); }

        _interrupts.Show();
        return true;
    }

    private protected override bool AcceptRead(Span<byte> bytes)
    {
        BringUpToDate();
        byte address = _pointer;
        bool took = false;
        foreach (ref byte value in bytes)
        {
            took |= address is >= Data and < Data + DataLength;
            value = _registers.Read(address++);
        }

        if (took) { _fifo.Take(); }

        _interrupts.Show();
        return true;
    }

    internal override void ShowId(byte? id) => _registers.Show(0x00, id);

    private protected override void PowerOnReset()
    {
        _now = _surroundings.Elapsed;
        _registers.Reset();
        _sampler.Stop();
        _fifo.Reset();
        _motion.Reset();
        _interrupts.Forget();
        _pointer = 0;
        _interrupts.Show();
    }

    private protected override void PowerLost() => _interrupts.LetGo();

    private void DescribeRegisters()
    {
        _registers.Add(0x00, "DEVID", reset: 0xE5, RegisterAccess.ReadOnly);
        string[] names =
        [
            "THRESH_TAP", "OFSX", "OFSY", "OFSZ", "DUR", "Latent", "Window", "THRESH_ACT", "THRESH_INACT", "TIME_INACT", "ACT_INACT_CTL",
            "THRESH_FF", "TIME_FF",
        ];
        for (int i = 0; i < names.Length; i++) { _registers.Add((byte)(0x1D + i), names[i]); }

        _registers.Add(0x2A, "TAP_AXES", writeMask: 0x0F);
        _registers.Add(0x2B, "ACT_TAP_STATUS", access: RegisterAccess.ReadOnly, onRead: () => _motion.Status);
        _registers.Add(Rate, "BW_RATE", reset: 0x0A, writeMask: 0x1F, onWrite: _ => _sampler.ChangePeriod(_now, Period));
        _registers.Add(PowerControl, "POWER_CTL", writeMask: 0x3F, onWrite: ControlPower);
        _registers.Add(InterruptEnable, "INT_ENABLE", onWrite: enabled => _interrupts.Keep(enabled));
        _registers.Add(InterruptMap, "INT_MAP");
        _registers.Add(InterruptSource, "INT_SOURCE", reset: Watermark, RegisterAccess.ReadOnly, onRead: () => _interrupts.TakeSource());
        _registers.Add(DataFormat, "DATA_FORMAT", writeMask: 0xEF);
        _registers.AddBlock(Data, "DATA", stackalloc byte[DataLength], offset => _fifo.Front.ByteAt(offset));
        _registers.Add(FifoControl, "FIFO_CTL", onWrite: _fifo.Configure);
        _registers.Add(0x39, "FIFO_STATUS", access: RegisterAccess.ReadOnly, onRead: () => (byte)((_fifo.IsTriggered ? 0x80 : 0) | _fifo.Entries));
    }

    private void ControlPower(byte control)
    {
        bool measures = (control & Measure) != 0;
        if (!measures)
        {
            _sampler.Stop();
            _motion.Reset();
        }
        else if (_sampler.Next is null)
        {
            _sampler.Start(_now, Period);
        }
        else
        {
            _sampler.ChangePeriod(_now, Period);
        }
    }

    private void BringUpToDate()
    {
        _now = _surroundings.Elapsed;
        _sampler.AdvanceTo(_now);
    }

    /// <summary>Asleep, the chip looks for motion only: no data ready, nothing into the FIFO.</summary>
    private void Take(TimeSpan at)
    {
        byte format = _registers[DataFormat];
        ReadOnlySpan<sbyte> offsets = [(sbyte)_registers[OffsetX], (sbyte)_registers[OffsetX + 1], (sbyte)_registers[OffsetX + 2]];
        (double X, double Y, double Z) g = _converter.Measure(at, format, offsets, 1 / _sampler.Period.TotalSeconds);
        if (!IsSleeping) { _fifo.Add(Adxl345Converter.Encode(g, format)); }

        if ((_registers[InterruptEnable] & Latched) == 0) { return; }

        byte events = _motion.Observe(at, [g.X, g.Y, g.Z]);
        _interrupts.Latch(events);
        int onTriggerLine = _fifo.TriggersOnInt2 ? _registers[InterruptMap] : ~_registers[InterruptMap];
        if ((events & onTriggerLine) != 0) { _fifo.Trigger(); }

        _sampler.ChangePeriod(at, Period); // it may have fallen asleep or woken up
    }

    private void Wake()
    {
        lock (Gate)
        {
            if (!IsPowered) { return; }

            BringUpToDate();
            _interrupts.Show();
        }

        PublishLines();
    }
}
