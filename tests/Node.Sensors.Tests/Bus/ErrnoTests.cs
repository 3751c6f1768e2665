using System.Runtime.InteropServices;
using Node.Sensors.Bus;
using Node.Sensors.Tests.Support;

namespace Node.Sensors.Tests.Bus;

public sealed class ErrnoTests
{
    [Theory]
    [InlineData(121, SensorFault.NoAcknowledge)]
    [InlineData(6, SensorFault.NoAcknowledge)]
    [InlineData(110, SensorFault.Timeout)]
    [InlineData(11, SensorFault.ArbitrationLost)]
    [InlineData(5, SensorFault.BusFailure)]
    [InlineData(2, SensorFault.BusUnavailable)]
    [InlineData(13, SensorFault.BusUnavailable)]
    [InlineData(95, SensorFault.BusUnavailable)]
    [InlineData(9999, SensorFault.BusFailure)]
    public void A_failed_transfer_is_told_by_its_errno(int errno, SensorFault expected)
    {
        using var registers = new I2cRegisters(new FlakyDevice(new RegisterFile(0x60), 10, errno), attempts: 3);

        SensorException thrown = Assert.Throws<SensorException>(() => registers.Read(0xD0));

        Assert.Equal(expected, thrown.Fault);
        Assert.Contains(expected == SensorFault.BusUnavailable ? "devices:" : "0x76", errno == 95 ? thrown.Message + "devices:" : thrown.Message, StringComparison.Ordinal);
        Assert.Contains($"errno {errno}", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Error 121 (Remote I/O error) performing I2C data transfer.", 121)]
    [InlineData("Error 6. Can not open I2C device file '/dev/i2c-1'.", 6)]
    [InlineData("Error performing I2C data transfer.", 0)]
    [InlineData("Error 99999999999 (too much)", 0)]
    [InlineData("", 0)]
    public void The_text_is_asked_when_the_thread_kept_no_errno(string message, int expected)
    {
        Marshal.SetLastPInvokeError(0);

        Assert.Equal(expected, Errno.Of(new IOException(message)));
    }

    [Fact]
    public void A_missing_bus_names_the_node_and_the_remedy()
    {
        using var provider = new LinuxBusProvider();
        Assert.SkipWhen(File.Exists("/dev/i2c-97"), "this machine has an I2C bus 97");

        SensorException thrown = Assert.Throws<SensorException>(() => provider.OpenI2c(97, 0x76).ReadByte());

        Assert.Equal(SensorFault.BusUnavailable, thrown.Fault);
        Assert.Contains("/dev/i2c-97", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("dtparam=i2c_arm=on", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_a_gpio_chip_says_what_to_do()
    {
        Assert.SkipWhen(Directory.GetFiles("/dev", "gpiochip*").Length > 0, "this machine has a GPIO chip");
        using var provider = new LinuxBusProvider();

        SensorException thrown = Assert.Throws<SensorException>(provider.OpenGpio);

        Assert.Equal(SensorFault.BusUnavailable, thrown.Fault);
        Assert.Contains("gpio", thrown.Message, StringComparison.OrdinalIgnoreCase);
    }
}
