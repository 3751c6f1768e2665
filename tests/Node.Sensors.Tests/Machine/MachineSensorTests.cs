using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Machine;

namespace Node.Sensors.Tests.Machine;

public sealed class MachineSensorTests
{
    [Fact]
    public async Task A_Pis_files_become_quantities()
    {
        using PiFiles files = new();
        using MachineSensor sensor = Open(files);

        SensorReading reading = await Measure(sensor);

        Assert.Equal(48.312, reading["socTemperature"], 6);
        Assert.Equal([0.52, 0.58, 1.25], [reading["loadAverage1"], reading["loadAverage5"], reading["loadAverage15"]]);
        Assert.Equal(350735.47, reading["uptime"]);
        Assert.Equal(25, reading["memoryUsed"], 6);
        Assert.Equal(2844.984375, reading["memoryAvailable"]);
        Assert.Equal(-54, reading["wifiSignal"]);
        Assert.Equal(80, reading["wifiQuality"], 6);
        Assert.Equal(100, reading["networkReceived"]);
        Assert.Equal(0.5, reading["networkSent"]);
        Assert.Equal(1, reading["linkUp"]);
    }

    [Theory]
    [InlineData("0", "")]
    [InlineData("50005", "underVoltage throttled underVoltageSinceBoot throttledSinceBoot")]
    [InlineData("0x50000", "underVoltageSinceBoot throttledSinceBoot")]
    [InlineData("a000a", "frequencyCapped softTemperatureLimit frequencyCappedSinceBoot softTemperatureLimitSinceBoot")]
    public async Task The_firmwares_word_is_taken_apart(string word, string expected)
    {
        using PiFiles files = new();
        files.Write("sys/devices/platform/soc/soc:firmware/get_throttled", word + "\n");
        using MachineSensor sensor = Open(files);
        string[] flags = ["underVoltage", "frequencyCapped", "throttled", "softTemperatureLimit"];

        SensorReading reading = await Measure(sensor);

        IEnumerable<string> set = flags.Concat(flags.Select(static flag => flag + "SinceBoot")).Where(flag => reading[flag] == 1);
        Assert.Equal(expected, string.Join(' ', set));
    }

    [Fact]
    public async Task The_busy_share_is_that_since_the_last_reading()
    {
        using PiFiles files = new();
        using MachineSensor sensor = Open(files);

        double sinceStart = (await Measure(sensor))["cpuBusy"];
        files.Stat("cpu  1030 50 480 8030 510 0 0 0 0 0"); // 100 ticks: 60 worked, 30 idle, 10 waiting for the disk
        double since = (await Measure(sensor))["cpuBusy"];
        double again = (await Measure(sensor))["cpuBusy"];

        Assert.Equal(15, sinceStart, 6);
        Assert.Equal(60, since, 6);
        Assert.Equal(60, again, 6);
    }

    [Fact]
    public void What_a_machine_lacks_is_no_quantity_of_it()
    {
        using PiFiles files = new(isPi: false);
        using MachineSensor sensor = Open(files);

        Assert.Equal(
            ["cpuBusy", "loadAverage1", "loadAverage5", "loadAverage15", "memoryUsed", "memoryAvailable", "uptime", "diskUsed", "diskFree"],
            sensor.Quantities.Select(static quantity => quantity.Name));
    }

    [Fact]
    public async Task A_Pi_5_and_a_kernel_without_the_firmwares_file_are_understood()
    {
        using PiFiles five = new(isPi: false);
        five.Write("sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "4\n");
        five.Write("sys/class/hwmon/hwmon0/name", "rp1_adc\n");
        five.Write("sys/class/hwmon/hwmon1/name", "cpu_thermal\n");
        five.Write("sys/class/hwmon/hwmon1/temp1_input", "61250\n");
        using PiFiles plain = new(isPi: false);
        plain.Write("sys/class/hwmon/hwmon2/name", "rpi_volt\n");
        plain.Write("sys/class/hwmon/hwmon2/in0_lcrit_alarm", "1\n");
        using MachineSensor ofFive = Open(five);
        using MachineSensor ofPlain = Open(plain);

        SensorReading readingOfFive = await Measure(ofFive);
        SensorReading readingOfPlain = await Measure(ofPlain);

        Assert.Equal((61.25, 1, 0), (readingOfFive["socTemperature"], readingOfFive["throttled"], readingOfFive["underVoltage"]));
        Assert.Equal(1, readingOfPlain["underVoltage"]);
        Assert.False(readingOfPlain.TryGetValue("throttled", out _));
    }

    [Fact]
    public async Task What_cannot_be_read_at_one_moment_is_missing_from_that_reading_alone()
    {
        using PiFiles files = new();
        using MachineSensor sensor = Open(files);

        files.Delete("sys/class/thermal/thermal_zone0/temp");
        files.Write("proc/uptime", "garbage\n");
        SensorReading without = await Measure(sensor);
        files.Write("sys/class/thermal/thermal_zone0/temp", "50000\n");
        SensorReading with = await Measure(sensor);

        Assert.False(without.TryGetValue("socTemperature", out _));
        Assert.False(without.TryGetValue("uptime", out _));
        Assert.Equal(50, with["socTemperature"]);
    }

    [Fact]
    public async Task The_interface_can_be_chosen()
    {
        using PiFiles files = new();
        using MachineSensor sensor = new(new MachineOptions { RootFolder = files.Root, DiskFolder = files.Root, NetworkInterface = "eth0" });

        SensorReading reading = await Measure(sensor);

        Assert.Equal(1e9, reading["linkSpeed"]);
        Assert.False(reading.TryGetValue("wifiSignal", out _));
        Assert.Throws<ArgumentException>(() => new MachineSensor(new MachineOptions { NetworkInterface = "../../etc" }));
    }

    [Fact]
    public async Task A_machine_that_can_tell_nothing_says_so()
    {
        string empty = Path.Combine(Path.GetTempPath(), "no-such-folder-of-a-machine");
        SensorException thrown = Assert.Throws<SensorException>(() => new MachineSensor(new MachineOptions { RootFolder = empty, DiskFolder = empty }));
        using PiFiles files = new();
        MachineOptions withoutDisk = new() { RootFolder = files.Root, DiskFolder = empty };
        using MachineSensor sensor = new(withoutDisk);
        Directory.Delete(files.Root, recursive: true);
        Directory.CreateDirectory(files.Root);

        SensorException later = await Assert.ThrowsAsync<SensorException>(() => Measure(sensor));

        Assert.Equal(SensorFault.BusUnavailable, thrown.Fault);
        Assert.Equal(SensorFault.BusFailure, later.Fault);
    }

    [Fact]
    public async Task On_any_Linux_the_catalogue_gives_real_values()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The kernel's files exist on Linux only.");
        Bench bench = new();
        using ISensor sensor = SensorCatalog.Open(new() { Chip = "machine" }, bench.Buses, bench.Clock);

        SensorReading reading = await sensor.MeasureAsync(TestContext.Current.CancellationToken);

        Assert.True(reading["uptime"] > 0);
        Assert.InRange(reading["memoryUsed"], 0.1, 100);
        Assert.InRange(reading["diskUsed"], 0, 100);
        Assert.All(sensor.Quantities, static quantity => Assert.Contains(quantity, MachineCatalog.Quantities));
    }

    private static SensorChip MachineCatalog => SensorCatalog.Chips.Single(static chip => chip.Bus == SensorBus.Machine);

    private static MachineSensor Open(PiFiles files) => new(new MachineOptions { RootFolder = files.Root, DiskFolder = files.Root });

    private static async Task<SensorReading> Measure(MachineSensor sensor) => await sensor.MeasureAsync(TestContext.Current.CancellationToken);
}
