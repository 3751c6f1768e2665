using System.Device.I2c;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>What the driver does with an MPU-6050's registers. Owns the device and the interrupt input.</summary>
internal sealed class Mpu6050Port(I2cDevice device, int attempts, Mpu6050Settings settings, InterruptInput? interrupt, TimeProvider time) : IDisposable
{
    /// <summary>Bytes of the 73 whole samples that the FIFO's 1024 bytes can hold; it has more only when it has overflowed.</summary>
    private const int MostWholeSamples = 1024 / Mpu6050Frame.Length * Mpu6050Frame.Length;

    /// <summary>A reset takes at most 100 ms; asked every millisecond until twice that.</summary>
    private static readonly TimeSpan ResetTime = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(1);

    private readonly I2cRegisters _registers = new(device, attempts);
    private readonly I2cRegisters _registersOnce = new(device, attempts: 1);

    /// <summary>Bus and address, to begin an error text with.</summary>
    public string Place => _registers.Place;

    /// <summary>Whether bytes were lost since <see cref="RestartFifo"/>, so that what the FIFO holds need not begin with a whole sample.</summary>
    public bool FifoOverflowed { get; private set; }

    public void RequireId()
    {
        byte id = _registers.Read(Mpu6050Register.WhoAmI);
        if (id != Mpu6050Register.Mpu6050Id) { throw Mpu6050Fault.WrongId(Place, id); }
    }

    /// <summary>Puts every register back and waits until the chip is through with it.</summary>
    public async ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        _registers.Write(Mpu6050Register.PowerManagement1, Mpu6050Register.DeviceReset);
        long start = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(PollPeriod, time, cancellationToken);
            bool late = time.GetElapsedTime(start) >= ResetTime * 2; // judged before the look, so that a slow scheduler never fails a chip that is ready
            if (HasReset(giveUp: late)) { return; }

            if (late) { throw Mpu6050Fault.NotReady(_registers.Place, "its reset", ResetTime * 2); }
        }
    }

    /// <summary>Wakes the chip, because asleep it takes no samples, and writes the options.</summary>
    public void ApplySettings()
    {
        _registers.Write(Mpu6050Register.PowerManagement1, Mpu6050Register.AwakeOnGyroscopeClock);
        _registers.Write([Mpu6050Register.SampleRateDivider, .. settings.Sampling]);
        _registers.Write(Mpu6050Register.InterruptPin, Mpu6050Register.LatchedInterrupt, settings.InterruptEnable);
    }

    public byte[] ReadTrims()
    {
        byte[] trims = new byte[Mpu6050Register.SelfTestLength];
        _registers.Read(Mpu6050Register.SelfTest, trims);
        return trims;
    }

    /// <param name="selfTest">The self-test bits of all three axes, or none.</param>
    public void UseSelfTestRanges(byte selfTest) => _registers.Write(
        Mpu6050Register.GyroscopeConfiguration,
        (byte)(selfTest | Mpu6050Register.SelfTestGyroscopeRange), (byte)(selfTest | Mpu6050Register.SelfTestAccelerometerRange));

    /// <summary>
    /// Waits for a sample that was taken after this call began. Status and data come in one burst: the ready bit says that these very data
    /// are new, and a chip that lost power in between never sets it.
    /// </summary>
    public async ValueTask<Mpu6050Frame> NextSampleAsync(CancellationToken cancellationToken)
    {
        interrupt?.Arm();
        ReadStatus();
        long start = time.GetTimestamp();
        TimeSpan limit = (settings.LongestPeriod * 2) + PollPeriod;
        if (interrupt is null) { await Task.Delay(settings.Period, time, cancellationToken); }
        else { await interrupt.WaitAsync(settings.LongestPeriod, time, cancellationToken); }

        byte[] raw = new byte[Mpu6050Register.StatusToDataLength];
        while (true)
        {
            bool late = time.GetElapsedTime(start) >= limit;
            _registers.Read(Mpu6050Register.InterruptStatus, raw);
            Remember(raw[0]);
            if ((raw[0] & Mpu6050Register.DataReady) != 0) { return Mpu6050Frame.Decode(raw.AsSpan(1)); }

            if (late) { throw Mpu6050Fault.NotReady(_registers.Place, "a sample", limit); }

            await Task.Delay(PollPeriod, time, cancellationToken);
        }
    }

    /// <summary>A read of the FIFO that fails is not repeated: the bytes that it took are gone, and the rest would begin inside a sample.</summary>
    public byte[] ReadFifo()
    {
        Span<byte> count = stackalloc byte[2];
        _registers.Read(Mpu6050Register.FifoCount, count);
        int samples = ((count[0] << 8) | count[1]) / Mpu6050Frame.Length;
        FifoOverflowed |= ((count[0] << 8) | count[1]) > MostWholeSamples; // also told by the status, unless a failed transfer ate that
        byte[] raw = new byte[samples * Mpu6050Frame.Length];
        try
        {
            if (raw.Length > 0) { _registersOnce.Read(Mpu6050Register.FifoData, raw); }
        }
        catch (SensorException)
        {
            FifoOverflowed = true; // restart it at the next call, when the bus may be better
            throw;
        }

        return raw;
    }

    /// <summary>Empties the FIFO and lets it take whole samples from the next one on.</summary>
    public void RestartFifo()
    {
        _registers.Write(Mpu6050Register.UserControl, Mpu6050Register.FifoReset);
        ReadStatus();
        FifoOverflowed = false;
        _registers.Write(Mpu6050Register.FifoEnable, settings.FifoEnable);
        _registers.Write(Mpu6050Register.UserControl, Mpu6050Register.FifoOn);
    }

    /// <summary>Reading the status clears it, so what it says of the FIFO is kept here.</summary>
    public void ReadStatus() => Remember(_registers.Read(Mpu6050Register.InterruptStatus));

    /// <summary>A brown-out puts the chip back to sleep and its settings to zero without any other sign.</summary>
    public bool HasLostItsSettings()
    {
        Span<byte> sampling = stackalloc byte[Mpu6050Register.SamplingLength];
        _registers.Read(Mpu6050Register.SampleRateDivider, sampling);
        return !sampling.SequenceEqual(settings.Sampling)
            || _registers.Read(Mpu6050Register.PowerManagement1) != Mpu6050Register.AwakeOnGyroscopeClock;
    }

    public void Dispose()
    {
        interrupt?.Dispose();
        _registers.Dispose();
    }

    /// <summary>A chip that resets need not answer at all.</summary>
    private bool HasReset(bool giveUp)
    {
        try
        {
            return (_registers.Read(Mpu6050Register.PowerManagement1) & Mpu6050Register.DeviceReset) == 0;
        }
        catch (SensorException failure) when (failure.Fault == SensorFault.NoAcknowledge && !giveUp)
        {
            return false;
        }
    }

    private void Remember(byte status) => FifoOverflowed |= (status & Mpu6050Register.FifoOverflow) != 0;
}
