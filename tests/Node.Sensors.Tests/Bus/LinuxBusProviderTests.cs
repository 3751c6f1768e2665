using System.Device.Spi;
using Node.Sensors.Bus;

namespace Node.Sensors.Tests.Bus;

public sealed class LinuxBusProviderTests
{
    [Fact]
    public void An_absent_bus_is_named_with_its_remedy_by_way_of_the_real_library()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && !File.Exists("/dev/i2c-99"), "Needs Linux without /dev/i2c-99.");
        using LinuxBusProvider buses = new();

        SensorException thrown = Assert.Throws<SensorException>(() => buses.OpenI2c(99, 0x76));

        Assert.Equal(SensorFault.BusUnavailable, thrown.Fault);
        Assert.False(thrown.RetryMayHelp);
        Assert.StartsWith("/dev/i2c-99: does not exist", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("dtparam=i2c_arm=on", thrown.Message, StringComparison.Ordinal);
        Assert.EndsWith("(errno 2).", thrown.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(thrown.InnerException);
    }

    [Fact]
    public void The_real_library_writes_the_errno_at_the_beginning_of_its_text()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && !File.Exists("/dev/i2c-99"), "Needs Linux without /dev/i2c-99.");

        IOException thrown = Assert.Throws<IOException>(() => System.Device.I2c.I2cDevice.Create(new(99, 0x76)));

        Assert.StartsWith("Error 2 (", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_spi_bus_shows_at_the_first_transfer_of_the_real_library_with_the_text_of_the_emulated_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && !File.Exists("/dev/spidev99.0"), "Needs Linux without /dev/spidev99.0.");
        using LinuxBusProvider buses = new();
        using SpiDevice real = buses.OpenSpi(new SpiConnectionSettings(99, 0));
        using SpiDevice emulated = new Bench().Buses.OpenSpi(new SpiConnectionSettings(99, 0));
        using SpiExchange wire = new(buses.OpenSpi(new SpiConnectionSettings(99, 0)), attempts: 3);

        IOException expected = Assert.Throws<IOException>(() => real.ReadByte());
        SensorException mapped = Assert.Throws<SensorException>(() => wire.Transfer([0], new byte[1]));

        Assert.Equal(expected.Message, Assert.Throws<IOException>(() => emulated.ReadByte()).Message);
        Assert.Equal(SensorFault.BusUnavailable, mapped.Fault);
        Assert.StartsWith("SPI bus 99 chip select 0: ", mapped.Message, StringComparison.Ordinal);
        Assert.Contains("dtparam=spi=on", mapped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_pins_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.GetFiles("/dev", "gpiochip*").Length == 0, "Needs Linux without GPIO.");
        using LinuxBusProvider buses = new();

        SensorException thrown = Assert.Throws<SensorException>(buses.OpenGpio);

        Assert.Equal(SensorFault.BusUnavailable, thrown.Fault);
        Assert.Contains("/dev/gpiochip", thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(-1, 0x76), InlineData(1, 0x02), InlineData(1, 0x78)]
    public void A_number_that_no_chip_can_have_is_the_callers_mistake(int busId, int address)
    {
        using LinuxBusProvider buses = new();

        Assert.Throws<ArgumentOutOfRangeException>(() => buses.OpenI2c(busId, address));
    }
}
