using System.Device.Gpio;
using System.Globalization;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace DeviceNodes.Child;

/// <summary>
/// Takes every sample of an ADXL345 at 3,200 a second, told by its watermark interrupt alone: this process's clock stands still, so that no
/// wait ever ends by itself and an edge that was lost would never be made up for. The acceleration along x must follow a sine of time, which
/// a lost or doubled sample would shift.
/// </summary>
/// <param name="buses">The machine's buses.</param>
/// <param name="pin">The pin that INT1 is wired to.</param>
/// <param name="watermark">How many samples make the chip ask.</param>
public sealed class SampleRun(IBusProvider buses, int pin, int watermark)
{
    private const double Step = 1 / 256.0;

    private static readonly TimeSpan TurnOn = TimeSpan.FromMilliseconds(1.1);

    /// <summary>Says "started" when the chip runs, how many samples it has after each batch, and how it went at the end.</summary>
    /// <param name="count">How many samples to take, at least.</param>
    /// <param name="amplitude">Of the sine, in g.</param>
    /// <param name="sine">The sine's period.</param>
    public async Task RunAsync(long count, double amplitude, TimeSpan sine)
    {
        using GpioController gpio = buses.OpenGpio();
        var options = new Adxl345RecorderOptions { Pin = pin, Watermark = watermark };
        using Adxl345Recorder recorder = Adxl345Recorder.Open(buses, new SensorConnection { Chip = "ADXL345", ChipSelect = 1 }, gpio, options, new StoppedTime());
        long expected = 0, wrong = 0, gaps = 0;
        Task<Adxl345Batch> next = recorder.ReadAsync(CancellationToken.None).AsTask();
        Console.WriteLine("started");
        while (expected < count)
        {
            Adxl345Batch batch = await next;
            gaps += batch.MayFollowGap || batch.FirstIndex != expected ? 1 : 0;
            foreach (Adxl345Reading reading in batch.Readings)
            {
                TimeSpan at = TurnOn + (recorder.Period * (expected++ + 1));
                double due = amplitude * Math.Sin(2 * Math.PI * at.Ticks / sine.Ticks);
                wrong += Math.Abs(reading.XG - due) > Step ? 1 : 0;
            }

            Console.WriteLine(expected.ToString(CultureInfo.InvariantCulture));
            next = expected < count ? recorder.ReadAsync(CancellationToken.None).AsTask() : next;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{expected} samples, {wrong} wrong, {gaps} gaps, {recorder.MissedEdges} edges missed"));
    }
}
