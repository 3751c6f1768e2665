namespace Node.Sensors.Emulation;

/// <summary>
/// What an emulated ADXL345 is behind its two buses: the register table, and what moves with time: samples, FIFO, motion detection and the
/// interrupt outputs. Nothing runs by itself; each access brings it up to date first. Source: ADXL345 datasheet, rev. E, register map.
/// </summary>
internal sealed class Adxl345Core
{
    public const byte InterruptEnable = 0x2E;
    public const byte InterruptMap = 0x2F;
    public const byte DataFormat = 0x31;

    private const byte OffsetX = 0x1E;
    private const byte Rate = 0x2C;
    private const byte PowerControl = 0x2D;
    private const byte InterruptSource = 0x30;
    private const byte Data = 0x32;
    private const int DataLength = 6;
    private const byte FifoControl = 0x38;
    private const int Measure = 0x08;
    private const int Sleep = 0x04;

    private readonly EmulatedSurroundings _surroundings;
    private readonly Adxl345Converter _converter;
    private readonly Adxl345Fifo _fifo = new();
    private readonly Adxl345Sampler _sampler;
    private readonly Adxl345Motion _motion;
    private readonly Adxl345Interrupts _interrupts;
    private bool _tookData;
    private TimeSpan _now;

    public Adxl345Core(EmulatedSurroundings surroundings, int seed, EmulatedChipOptions options, Action wake)
    {
        _surroundings = surroundings;
        _converter = new Adxl345Converter(surroundings.Ambient, surroundings.Noise(seed, options.HasTolerances));
        _sampler = new Adxl345Sampler(Take);
        _motion = new Adxl345Motion(Registers);
        DescribeRegisters();
        _interrupts = new Adxl345Interrupts(Registers, _fifo, _sampler,
            EmulatedInterruptLine.Wire(surroundings, options.InterruptPin, wake), EmulatedInterruptLine.Wire(surroundings, options.SecondInterruptPin, wake));
    }

    public RegisterMap Registers { get; } = new();

    private bool IsSleeping => (Registers[PowerControl] & Sleep) != 0 || _motion.IsAsleep;

    /// <summary>Of the output data rate, or while it sleeps of 8 Hz and its halves (POWER_CTL bits 1:0).</summary>
    private TimeSpan Period => _surroundings.Slowed(IsSleeping
        ? TimeSpan.FromMilliseconds(125) * (1 << (Registers[PowerControl] & 3))
        : Adxl345Sampler.PeriodOf(Registers[Rate] & 0x0F));

    public void PowerOnReset()
    {
        _now = _surroundings.Elapsed;
        Registers.Reset();
        _sampler.Stop();
        _fifo.Reset();
        _motion.Reset();
        _interrupts.Forget();
        _interrupts.Show();
    }

    public void LetGoOfLines() => _interrupts.LetGo();

    public void TellLines() => _interrupts.Tell();

    /// <summary>The beginning of an exchange or a transaction.</summary>
    public void Begin()
    {
        _now = _surroundings.Elapsed;
        _sampler.AdvanceTo(_now);
        _tookData = false;
    }

    public byte Read(byte address)
    {
        _tookData |= address is >= Data and < Data + DataLength;
        return Registers.Read(address);
    }

    /// <summary>The end of an exchange: when it read a data register, one level of the FIFO goes.</summary>
    public void End()
    {
        if (_tookData) { _fifo.Take(); }

        _interrupts.Show();
    }

    private void DescribeRegisters()
    {
        Registers.Add(0x00, "DEVID", reset: 0xE5, RegisterAccess.ReadOnly);
        string[] names =
        [
            "THRESH_TAP", "OFSX", "OFSY", "OFSZ", "DUR", "Latent", "Window", "THRESH_ACT", "THRESH_INACT", "TIME_INACT", "ACT_INACT_CTL",
            "THRESH_FF", "TIME_FF",
        ];
        for (int i = 0; i < names.Length; i++) { Registers.Add((byte)(0x1D + i), names[i]); }

        Registers.Add(0x2A, "TAP_AXES", writeMask: 0x0F);
        Registers.Add(0x2B, "ACT_TAP_STATUS", access: RegisterAccess.ReadOnly, onRead: () => _motion.Status);
        Registers.Add(Rate, "BW_RATE", reset: 0x0A, writeMask: 0x1F, onWrite: _ => _sampler.ChangePeriod(_now, Period));
        Registers.Add(PowerControl, "POWER_CTL", writeMask: 0x3F, onWrite: ControlPower);
        Registers.Add(InterruptEnable, "INT_ENABLE", onWrite: enabled => _interrupts.Keep(enabled));
        Registers.Add(InterruptMap, "INT_MAP");
        Registers.Add(InterruptSource, "INT_SOURCE", reset: Adxl345Source.Watermark, RegisterAccess.ReadOnly, onRead: () => _interrupts.TakeSource());
        Registers.Add(DataFormat, "DATA_FORMAT", writeMask: 0xEF);
        Registers.AddBlock(Data, "DATA", stackalloc byte[DataLength], offset => _fifo.Front.ByteAt(offset));
        Registers.Add(FifoControl, "FIFO_CTL", onWrite: _fifo.Configure);
        Registers.Add(0x39, "FIFO_STATUS", access: RegisterAccess.ReadOnly, onRead: () => (byte)((_fifo.IsTriggered ? 0x80 : 0) | _fifo.Entries));
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

    /// <summary>Asleep, the chip looks for motion only: no data ready, nothing into the FIFO.</summary>
    private void Take(TimeSpan at)
    {
        byte format = Registers[DataFormat];
        ReadOnlySpan<sbyte> offsets = [(sbyte)Registers[OffsetX], (sbyte)Registers[OffsetX + 1], (sbyte)Registers[OffsetX + 2]];
        (double X, double Y, double Z) g = _converter.Measure(at, format, offsets, 1 / _sampler.Period.TotalSeconds);
        if (!IsSleeping) { _fifo.Add(Adxl345Converter.Encode(g, format)); }

        if ((Registers[InterruptEnable] & Adxl345Source.Latched) == 0) { return; }

        byte events = _motion.Observe(at, [g.X, g.Y, g.Z]);
        _interrupts.Latch(events);
        int onTriggerLine = _fifo.TriggersOnInt2 ? Registers[InterruptMap] : ~Registers[InterruptMap];
        if ((events & onTriggerLine) != 0) { _fifo.Trigger(); }

        _sampler.ChangePeriod(at, Period); // it may have fallen asleep or woken up
    }
}
