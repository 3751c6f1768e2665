using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Mpu6050SelfTestTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_unit_passes_its_self_test_and_measures_on()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            Bench bench = Chip(seed: seed, imperfect: true);
            using Mpu6050 sensor = Open(bench, new() { AccelerometerRange = Mpu6050AccelerometerRange.G4 });

            Mpu6050SelfTest result = await bench.Run(sensor.SelfTestAsync(Cancelled));

            Assert.True(result.Passed, string.Join(" ", result.Accelerometer.Concat(result.Gyroscope)));
            Assert.All(result.Accelerometer.Concat(result.Gyroscope), static change => Assert.NotNull(change));
            Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"], 0.85, 1.15);
        }
    }

    [Theory, InlineData(0), InlineData(2), InlineData(4), InlineData(5)]
    public async Task A_broken_axis_fails_the_self_test_and_an_untested_one_is_not_judged(int axis)
    {
        Bench bench = Chip();
        Mpu6050Unit unit = Mpu6050Unit.Draw(7, imperfect: false);
        unit.SelfTestDeviation[axis] = -0.2;
        unit.Trims[(axis + 1) % 6] = 0;
        Mpu6050Chip chip = new(new EmulatedSurroundings(bench.Ambient, bench.Clock), unit, new EmulatedChipOptions { Chip = "MPU-6050" });
        bench.Bus.Detach(0x68);
        bench.Bus.Attach(0x68, chip);
        using Mpu6050 sensor = Open(bench);

        Mpu6050SelfTest result = await bench.Run(sensor.SelfTestAsync(Cancelled));

        double?[] changes = [.. result.Accelerometer, .. result.Gyroscope];
        Assert.False(result.Passed);
        Assert.Equal(-0.2, changes[axis]!.Value, 0.002);
        Assert.Null(changes[(axis + 1) % 6]);
        Assert.Equal(1, changes.Count(static change => change is { } known && Math.Abs(known) > 0.14));
    }

    [Theory, InlineData(1, 1392.64, 3275.0), InlineData(31, 3768.32, 12622.6), InlineData(16, 2290.8, 6429.6)]
    public void The_factory_trims_are_the_register_maps(int code, double accelerometer, double gyroscope)
    {
        Assert.Equal(accelerometer, Mpu6050SelfTest.AccelerometerTrim(code), 0.05);
        Assert.Equal(gyroscope, Mpu6050SelfTest.GyroscopeTrim(code, isY: false), 0.5);
        Assert.Equal(-gyroscope, Mpu6050SelfTest.GyroscopeTrim(code, isY: true), 0.5);
        Assert.Equal(0, Mpu6050SelfTest.AccelerometerTrim(0));
    }

    private static Bench Chip(int seed = 1, bool imperfect = false) =>
        new(new EmulatedChipOptions { Chip = "MPU-6050", HasTolerances = imperfect }, seed);

    private static Mpu6050 Open(Bench bench, Mpu6050Options? options = null) => new(bench.Open(), options ?? new Mpu6050Options(), bench.Clock);
}
