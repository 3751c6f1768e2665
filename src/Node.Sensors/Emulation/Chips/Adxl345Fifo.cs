namespace Node.Sensors.Emulation;

/// <summary>
/// The 32 levels between the converter and the data registers, in the four modes of FIFO_CTL. Source: ADXL345 datasheet, rev. E, section FIFO
/// and the registers FIFO_CTL, FIFO_STATUS and INT_SOURCE.
/// </summary>
internal sealed class Adxl345Fifo
{
    public const int Levels = 32;

    private const int TriggerOnInt2 = 0x20;

    private readonly Queue<Adxl345Sample> _queue = new(Levels);
    private Adxl345Sample _shown;
    private byte _control;
    private bool _fresh;

    private enum Mode
    {
        Bypass,
        Fifo,
        Stream,
        Trigger,
    }

    /// <summary>How many samples wait.</summary>
    public int Entries => _queue.Count;

    /// <summary>The lower five bits of FIFO_CTL: the watermark, or with a trigger how many samples before it are kept.</summary>
    public int Samples => _control & 0x1F;

    public bool IsBypassed => Selected == Mode.Bypass;

    public bool IsDataReady => IsBypassed ? _fresh : _queue.Count > 0;

    /// <summary>A watermark of 0 is reached at once, in every mode.</summary>
    public bool IsWatermarkReached => _queue.Count >= Samples;

    /// <summary>Bypassed: a sample replaced one that nobody had read. Otherwise: the FIFO was filled. Until data is read.</summary>
    public bool IsOverrun { get; private set; }

    public bool IsTriggered { get; private set; }

    /// <summary>Whether a trigger is awaited from INT2 rather than INT1.</summary>
    public bool TriggersOnInt2 => (_control & TriggerOnInt2) != 0;

    /// <summary>What the data registers hold: the oldest sample that waits, or the last one there was.</summary>
    public Adxl345Sample Front => _queue.TryPeek(out Adxl345Sample oldest) ? oldest : _shown;

    private Mode Selected => (Mode)(_control >> 6);

    public void Reset()
    {
        Configure(0);
        _shown = default;
    }

    /// <summary>A write of FIFO_CTL. Bypass empties the FIFO and forgets the trigger.</summary>
    public void Configure(byte control)
    {
        _control = control;
        if (!IsBypassed) { return; }

        _queue.Clear();
        _fresh = false;
        IsOverrun = false;
        IsTriggered = false;
    }

    public void Add(Adxl345Sample sample)
    {
        if (IsBypassed)
        {
            IsOverrun |= _fresh;
            _fresh = true;
            _shown = sample;
            return;
        }

        if (_queue.Count == Levels)
        {
            if (!DropsOldest) { return; }

            _queue.Dequeue();
        }

        _queue.Enqueue(sample);
        IsOverrun |= _queue.Count == Levels;
    }

    /// <summary>In trigger mode the newest samples up to <see cref="Samples"/> are kept, and then it fills up once, as in FIFO mode.</summary>
    public void Trigger()
    {
        if (Selected != Mode.Trigger || IsTriggered) { return; }

        IsTriggered = true;
        while (_queue.Count > Samples) { _queue.Dequeue(); }
    }

    /// <summary>The end of an exchange that read a data register: one level is taken, however many of its bytes were read.</summary>
    public void Take()
    {
        IsOverrun = false;
        _fresh = false;
        if (_queue.TryDequeue(out Adxl345Sample oldest)) { _shown = oldest; }
    }

    private bool DropsOldest => Selected == Mode.Stream || (Selected == Mode.Trigger && !IsTriggered);
}
