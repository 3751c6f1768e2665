using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace HilRig.BusServer;

/// <summary>What a server serves: a board's buses and lines, and one number for as long as it has power.</summary>
internal sealed class BusBoard(EmulatedBoard board, IBusProvider buses, TimeProvider time) : IDisposable
{
    private const string GpioLabel = "pinctrl-bcm2711";
    private readonly long _session = time.GetUtcNow().UtcTicks;

    public BusDesk Buses { get; } = new(board, buses);

    public LineDesk Lines { get; } = new(board, time);

    public PwmDesk Pwm { get; } = new(buses);

    /// <summary>The rest of a greeting: session, time, I2C buses, SPI buses with their chip selects, lines, PWM.</summary>
    public void Describe(WireFrame answer)
    {
        EmulatedI2cBus[] i2c = [.. board.I2cBuses.OrderBy(static bus => bus.BusId)];
        EmulatedSpiBus[] spi = [.. board.SpiBuses.OrderBy(static bus => bus.BusId)];
        answer.UInt64(_session).UInt64(Lines.Nanoseconds).Byte((byte)i2c.Length);
        foreach (EmulatedI2cBus bus in i2c)
        {
            answer.UInt16(bus.BusId);
        }
        answer.Byte((byte)spi.Length);
        foreach (EmulatedSpiBus bus in spi)
        {
            answer.UInt16(bus.BusId).Byte((byte)bus.ChipSelectCount);
        }
        PwmDesk.Describe(answer.UInt16(LineDesk.LineCount).ShortText(GpioLabel));
    }

    public void Dispose()
    {
        Pwm.Dispose();
        Lines.Dispose();
    }
}
