using System.Device.I2c;
using System.Device.Spi;
using DeviceNodes.Child;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Remote;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace HilRig.Tests.BusServer;

/// <summary>I2C and SPI over the remote bus: what a driver sees, what a lost link does, and what it leaves alone.</summary>
public sealed class RemoteBusTests
{
    private const int Bme280Address = 0x76;
    private const byte CtrlHum = 0xF2;

    /// <summary>What does not move has no frequency, an input without an edge no time since, and not every machine all that is known of machines.</summary>
    private static readonly string[] SometimesLess = ["ADXL345Vibration", "GpioInput", "Machine"];

    public static TheoryData<string> Chips => [.. SensorCatalog.Chips.Select(static chip => chip.Name)];

    [Theory, MemberData(nameof(Chips))]
    public async Task The_driver_of_every_chip_reads_it_from_another_process_s_board(string chip)
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        BoardWiring wired = BoardWiring.Of(chip);
        using ISensor sensor = SensorCatalog.Open(wired.Connection, wired.Options, remote, TimeProvider.System);

        await sensor.InitializeAsync(TestContext.Current.CancellationToken);
        SensorReading reading = await sensor.MeasureAsync(TestContext.Current.CancellationToken);

        Assert.NotEmpty(reading.Values);
        Assert.True(reading.Values.Count == sensor.Quantities.Count || SometimesLess.Contains(chip), $"{reading.Values.Count} of {sensor.Quantities.Count} quantities");
        Assert.All(reading.Values, value => Assert.InRange(value.Value, value.Quantity.Minimum, value.Quantity.Maximum));
    }

    [Fact]
    public async Task The_bytes_are_those_of_the_same_board_in_this_process()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        using var local = new EmulatedBusProvider(fixture.Served.Board);
        byte[] overTheLink = new byte[26];
        byte[] direct = new byte[26];

        using (I2cDevice device = local.OpenI2c(1, Bme280Address))
        {
            while (direct[0] == 0) { device.WriteRead([0x88], direct); } // zeros until the chip has started
        }
        using (I2cDevice device = remote.OpenI2c(1, Bme280Address)) { device.WriteRead([0x88], overTheLink); }

        Assert.Equal(direct, overTheLink);
        Assert.NotEqual(new byte[26], direct);
    }

    [Fact]
    public async Task An_address_without_a_chip_fails_like_the_kernel_does()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        using I2cDevice nobody = remote.OpenI2c(1, 0x10);

        IOException failure = Assert.Throws<IOException>(() => nobody.WriteByte(0));

        Assert.StartsWith("Error 121 (", failure.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(7, "I2C"), InlineData(0, "SPI")]
    public async Task A_bus_that_the_board_lacks_is_no_such_file(int busId, string kind)
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        using I2cDevice i2c = remote.OpenI2c(busId, Bme280Address);
        using SpiDevice spi = remote.OpenSpi(new SpiConnectionSettings(busId + 5, 0));

        IOException failure = Assert.Throws<IOException>(() => _ = kind == "I2C" ? i2c.ReadByte() : spi.ReadByte());

        Assert.StartsWith("Error 2 (", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spi_settings_reach_the_board()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        var right = new SpiConnectionSettings(0, 1) { Mode = SpiMode.Mode3, ClockFrequency = 1_000_000 };
        var wrong = new SpiConnectionSettings(0, 1) { Mode = SpiMode.Mode0, ClockFrequency = 1_000_000 };

        byte inMode3 = Adxl345Id(remote, right);
        byte inMode0 = Adxl345Id(remote, wrong);

        Assert.Equal(0xE5, inMode3);
        Assert.NotEqual(0xE5, inMode0);
    }

    [Fact]
    public async Task A_connection_that_is_cut_costs_one_transfer_and_the_chip_nothing()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        using I2cDevice device = remote.OpenI2c(1, Bme280Address);
        device.Write([CtrlHum, 0x03]);

        fixture.Served.CutConnections();
        SensorException lost = Assert.Throws<SensorException>(() => ReadRegister(device, CtrlHum));
        byte after = ReadRegister(device, CtrlHum);

        Assert.True(lost.RetryMayHelp);
        Assert.Contains("connection was lost", lost.Message, StringComparison.Ordinal);
        Assert.Equal(0x03, after);
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_with_the_command_that_starts_it_and_found_again()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        using I2cDevice device = remote.OpenI2c(1, Bme280Address);
        device.Write([CtrlHum, 0x02]);

        await fixture.Served.StopListeningAsync();
        Assert.Throws<SensorException>(() => ReadRegister(device, CtrlHum));
        SensorException away = Assert.Throws<SensorException>(() => ReadRegister(device, CtrlHum));
        fixture.Served.ResumeListening();

        Assert.Contains("hilrig bus serve", away.Message, StringComparison.Ordinal);
        Assert.Equal(0x02, ReadRegister(device, CtrlHum));
    }

    [Fact]
    public async Task Several_programs_and_threads_never_mix_their_answers()
    {
        await using var fixture = new ServedBoardFixture("tcp:127.0.0.1:0");
        using RemoteBusProvider first = fixture.Connect();
        using RemoteBusProvider second = fixture.Connect();

        await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(worker => new[]
        {
            Task.Run(() => AskOften(worker % 2 == 0 ? first : second, 0x76, 0xD0, 0x60), TestContext.Current.CancellationToken),
            Task.Run(() => AskOften(worker % 2 == 0 ? second : first, 0x68, 0x75, 0x68), TestContext.Current.CancellationToken),
        }));
    }

    [Fact]
    public async Task A_transfer_longer_than_a_chip_needs_still_comes_back_whole()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        using var local = new EmulatedBusProvider(fixture.Served.Board);
        using I2cDevice device = remote.OpenI2c(1, Bme280Address);
        using I2cDevice direct = local.OpenI2c(1, Bme280Address);
        byte[] received = new byte[ushort.MaxValue];
        byte[] expected = new byte[ushort.MaxValue];

        while (expected[0] == 0) { direct.WriteRead([0x88], expected); } // zeros until the chip has started

        device.WriteRead([0x88], received);
        direct.WriteRead([0x88], expected);

        Assert.Equal(expected[..64], received[..64]);
    }

    private static byte Adxl345Id(RemoteBusProvider remote, SpiConnectionSettings settings)
    {
        using SpiDevice device = remote.OpenSpi(settings);
        byte[] received = new byte[2];
        device.TransferFullDuplex([0x80, 0], received);
        return received[1];
    }

    private static byte ReadRegister(I2cDevice device, byte register)
    {
        byte[] value = new byte[1];
        device.WriteRead([register], value);
        return value[0];
    }

    private static void AskOften(RemoteBusProvider remote, int address, byte register, byte expected)
    {
        using I2cDevice device = remote.OpenI2c(1, address);
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(expected, ReadRegister(device, register));
        }
    }
}
