using System.Device.Gpio;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Signals;

/// <summary>An emulated ADXL345 at 3200 Hz with INT1 on pin 17, whose time waits for the reader, so that a busy machine loses no sample.</summary>
internal sealed class VibrationBench : IDisposable
{
    public const int Pin = 17;

    /// <summary>The FIFO holds 32; time stands still when so many were not taken yet.</summary>
    private const int MostDue = 30;

    private static readonly TimeSpan Step = TimeSpan.FromMicroseconds(500);

    private readonly GpioController _gpio;

    public VibrationBench(Func<TimeSpan, double> x)
    {
        Bench.Ambient.AccelerationXG = new FunctionStimulus(x);
        _gpio = Bench.Buses.OpenGpio();
        Recorder = Adxl345Recorder.Open(Bench.Buses, new SensorConnection { Chip = "ADXL345" }, _gpio, new Adxl345RecorderOptions { Pin = Pin }, Bench.Clock);
    }

    public SpiBench Bench { get; } = new(new() { Chip = "ADXL345", InterruptPin = Pin });

    public Adxl345Recorder Recorder { get; }

    public void Dispose()
    {
        Recorder.Dispose();
        _gpio.Dispose();
    }

    /// <summary>Lets time pass until the call has ended.</summary>
    /// <param name="call">What waits for samples.</param>
    /// <param name="onCount">Called whenever samples have been taken, with how many in all.</param>
    public async Task<T> Run<T>(ValueTask<T> call, Action<long>? onCount = null)
    {
        Task<T> task = call.AsTask();
        long seen = Recorder.Count;
        TimeSpan due = TimeSpan.Zero; // the age of the oldest sample that was not taken yet
        while (!task.IsCompleted)
        {
            if (Recorder.Count != seen)
            {
                long taken = Recorder.Count - seen;
                seen += taken;
                due = TimeSpan.FromTicks(Math.Max(0, (due - (Recorder.Period * taken)).Ticks));
                onCount?.Invoke(seen);
            }

            if (due >= Recorder.Period * MostDue)
            {
                await Task.Yield();
                continue;
            }

            due += Step;
            Bench.Clock.Advance(Step);
            await Task.Yield();
        }

        return await task;
    }
}
