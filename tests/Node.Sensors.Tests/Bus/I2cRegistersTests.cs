using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Bus;

public sealed class I2cRegistersTests : IDisposable
{
    private readonly ScriptedRegisters _device = new();

    [Theory, InlineData(121), InlineData(6), InlineData(110), InlineData(11), InlineData(5)]
    public void A_transfer_that_fails_twice_is_repeated_and_succeeds_the_third_time(int errno)
    {
        _device.Registers[0xD0] = 0x60;
        Fail(times: 2, errno);
        using I2cRegisters registers = new(_device, attempts: 3);

        Assert.Equal(0x60, registers.Read(0xD0));
        Assert.Equal(3, _device.Transfers);
    }

    [Fact]
    public void The_last_failure_leaves_after_the_last_attempt()
    {
        Fail(times: 3, 121);
        using I2cRegisters registers = new(_device, attempts: 3);

        SensorException thrown = Assert.Throws<SensorException>(() => registers.Write(0xF4, 0x25));

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.Equal(3, _device.Transfers);
        Assert.Contains("I2C bus 1 address 0x76", thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(2), InlineData(13), InlineData(95)]
    public void A_failure_that_repetition_cannot_mend_leaves_at_once(int errno)
    {
        Fail(times: 1, errno);
        using I2cRegisters registers = new(_device, attempts: 3);

        Assert.Equal(SensorFault.BusUnavailable, Assert.Throws<SensorException>(() => registers.Read(0xD0)).Fault);
        Assert.Equal(1, _device.Transfers);
    }

    public void Dispose() => _device.Dispose();

    private void Fail(int times, int errno)
    {
        for (int i = 0; i < times; i++) { _device.Failures.Enqueue(() => EmulatedBusError.Transfer(errno)); }
    }
}
