using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Doctor;
using Node.Host.Machine;
using Node.Host.Tests.TestKit;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.Doctor;

public sealed class BusChecksTests
{
    private static readonly SensorOptions Climate = new() { Name = "climate", Chip = "BME280", Address = 0x76 };
    private static readonly SensorOptions Shock = new() { Name = "shock", Chip = "ADXL345", ChipSelect = 1 };

    [Theory]
    [InlineData("i2c", LinuxCalls.NoEntry, "devices: [\"/dev/i2c-1:/dev/i2c-1\"]")]
    [InlineData("i2c", LinuxCalls.AccessDenied, "group_add: [\"i2c\"]")]
    [InlineData("spi", LinuxCalls.NoEntry, "dtparam=spi=on")]
    [InlineData("spi", LinuxCalls.Busy, "fuser -v /dev/spidev0.1")]
    [InlineData("gpio", LinuxCalls.AccessDenied, "usermod -aG gpio")]
    public async Task A_bus_that_is_missing_or_closed_is_an_error_with_the_exact_line(string check, int errno, string remedy)
    {
        using var rig = new DoctorRig();
        rig.Machine = rig.Machine with { TryOpen = _ => errno };

        CheckResult bad = await RunAsync(rig, check);
        rig.Machine = rig.Machine with { TryOpen = _ => 0 };

        Assert.Equal(("error", "ok"), (bad.Result, (await RunAsync(rig, check)).Result));
        Assert.Contains(remedy, bad.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_another_program_has_is_named_with_that_program()
    {
        using var rig = new DoctorRig();
        rig.Machine = rig.Machine with { UserOfLine = (_, line) => line == 17 ? "fan-control" : null };

        CheckResult taken = await RunAsync(rig, "gpio-lines");

        Assert.Equal(("error", "GPIO17 (led) is in use by 'fan-control'"), (taken.Result, taken.Text));
    }

    [Fact]
    public async Task A_sensor_that_answers_is_well_and_an_absent_or_wrong_chip_is_an_error_with_its_place()
    {
        using var rig = new DoctorRig();
        using var buses = new EmulatedBusProvider(new EmulatedBoard(
            new EmulatedBoardOptions { Chips = [new() { Chip = "BME280" }, new() { Chip = "BH1750", Address = 0x23 }] }, GeneratedRoom.Create(1), TimeProvider.System));
        SensorOptions absent = Climate with { Name = "absent", Address = 0x77 };
        NodeOptions options = Options() with { Sensors = [Climate, absent], Bus = new BusOptions { Provider = BusProviderKind.Emulated } };
        BusChecks checks = new(options, rig.Machine, null, sensor => Buses.OpenSensor(sensor, buses, TimeProvider.System));

        CheckResult well = await DoctorRig.RunAsync(checks.All(), "sensor-climate");
        CheckResult missing = await DoctorRig.RunAsync(checks.All(), "sensor-absent");

        Assert.Equal(("ok", "error"), (well.Result, missing.Result));
        Assert.Contains("temperature", well.Text, StringComparison.Ordinal);
        Assert.Contains("0x77", missing.Text, StringComparison.Ordinal);
        Assert.Contains("sensornode scan", missing.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_node_is_asked_instead_and_one_that_does_not_answer_is_a_warning()
    {
        using var rig = new DoctorRig();
        BusChecks checks = new(Options(), rig.Machine, new RunningNode(1, "http://127.0.0.1:9", "b"), _ => throw new SensorException(SensorFault.BusFailure, "must not be opened"));

        CheckResult asked = await DoctorRig.RunAsync(checks.All(), "sensor-climate");

        Assert.Equal("warning", asked.Result);
        Assert.DoesNotContain("must not be opened", asked.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"sensors":[{"name":"climate","state":"ok","fault":null}]}""", "ok", "the running node reads it")]
    [InlineData("""{"sensors":[{"name":"climate","state":"failed","fault":"nothing answers"}]}""", "error", "failed in the running node: nothing answers")]
    [InlineData("""{"sensors":[]}""", "warning", "does not have it yet")]
    [InlineData("<html>", "warning", "does not tell")]
    public async Task What_the_running_node_says_of_a_sensor_is_the_finding(string status, string expected, string text)
    {
        using var rig = new DoctorRig();
        await using var server = await LoopbackHttp.StartAsync(body: status);
        BusChecks checks = new(Options(), rig.Machine, new RunningNode(1, server.Url, "b"), _ => throw new SensorException(SensorFault.BusFailure, "must not be opened"));

        CheckResult asked = await DoctorRig.RunAsync(checks.All(), "sensor-climate");

        Assert.Equal(expected, asked.Result);
        Assert.Contains(text, asked.Text, StringComparison.Ordinal);
    }

    private static Task<CheckResult> RunAsync(DoctorRig rig, string check) =>
        DoctorRig.RunAsync(new BusChecks(Options(), rig.Machine, null, _ => throw new SensorException(SensorFault.BusFailure, "not asked")).All(), check);

    private static NodeOptions Options() => new() { DataFolder = "/data", Sensors = [Climate, Shock], Actuators = [new ActuatorOptions { Name = "led", Pin = 17 }] };
}
