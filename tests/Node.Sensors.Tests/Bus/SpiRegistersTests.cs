using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Bus;

public sealed class SpiRegistersTests : IDisposable
{
    private readonly ScriptedSpi _device = new(static sent => [0xEE, .. Enumerable.Range(1, sent.Length - 1).Select(static one => (byte)one)]);
    private readonly SpiRegisters _registers;

    public SpiRegistersTests()
    {
        _registers = new SpiRegisters(_device, attempts: 3, readBit: 0x80, burstBit: 0x40);
    }

    [Fact]
    public void One_register_is_read_without_the_burst_bit_and_several_with_it()
    {
        byte[] three = new byte[3];

        Assert.Equal(1, _registers.Read(0x2C));
        _registers.Read(0x32, three);

        Assert.Equal([1, 2, 3], three);
        Assert.Equal([[0xAC, 0], [0xF2, 0, 0, 0]], _device.Sent);
    }

    [Fact]
    public void Writes_carry_the_register_and_its_values()
    {
        _registers.Write(0x2D, 0x08);
        _registers.Write(0x1E, 1, 2, 3);

        Assert.Equal([[0x2D, 0x08], [0x5E, 1, 2, 3]], _device.Sent);
    }

    [Theory, InlineData(5), InlineData(110), InlineData(0)]
    public void An_exchange_that_fails_twice_is_repeated_and_succeeds_the_third_time(int errno)
    {
        Fail(times: 2, errno);

        Assert.Equal(1, _registers.Read(0x00));
        Assert.Equal(3, _device.Sent.Count);
    }

    [Theory, InlineData(5, SensorFault.BusFailure), InlineData(110, SensorFault.Timeout)]
    public void The_last_failure_leaves_after_the_last_attempt(int errno, SensorFault fault)
    {
        Fail(times: 3, errno);

        SensorException thrown = Assert.Throws<SensorException>(() => _registers.Write(0x2D, 0x08));

        Assert.Equal(fault, thrown.Fault);
        Assert.Equal(3, _device.Sent.Count);
        Assert.StartsWith("SPI bus 0 chip select 1: ", thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(2), InlineData(6), InlineData(13), InlineData(19), InlineData(22), InlineData(95)]
    public void A_failure_that_repetition_cannot_mend_leaves_at_once(int errno)
    {
        Fail(times: 1, errno);

        Assert.Equal(SensorFault.BusUnavailable, Assert.Throws<SensorException>(() => _registers.Read(0x00)).Fault);
        Assert.Single(_device.Sent);
    }

    [Fact]
    public void A_read_that_takes_something_away_is_never_repeated()
    {
        Fail(times: 1, 5);

        Assert.Equal(SensorFault.BusFailure, Assert.Throws<SensorException>(() => _registers.Read(0x32, new byte[6], once: true)).Fault);
        Assert.Single(_device.Sent);
    }

    public void Dispose() => _registers.Dispose();

    private void Fail(int times, int errno)
    {
        for (int i = 0; i < times; i++) { _device.Failures.Enqueue(() => EmulatedBusError.SpiTransfer(errno)); }
    }
}
