using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class StimulusTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory, InlineData(-10, 20), InlineData(0, 20), InlineData(30, 25), InlineData(60, 30), InlineData(600, 30)]
    public void A_ramp_is_straight_and_keeps_its_end(double seconds, double expected) =>
        Assert.Equal(expected, Stimulus.Ramp(20, 30, Minute).At(TimeSpan.FromSeconds(seconds)), 9);

    [Theory, InlineData(0, 10), InlineData(15, 12), InlineData(30, 10), InlineData(45, 8), InlineData(75, 12)]
    public void A_sine_begins_at_its_mean_and_rises(double seconds, double expected) =>
        Assert.Equal(expected, Stimulus.Sine(10, 2, Minute).At(TimeSpan.FromSeconds(seconds)), 9);

    [Fact]
    public void Noise_is_bounded_centred_continuous_and_fixed_by_its_seed()
    {
        Stimulus noise = Stimulus.Noise(2, TimeSpan.FromSeconds(1), seed: 7);
        double[] forward = [.. Enumerable.Range(0, 10_000).Select(second => noise.At(TimeSpan.FromSeconds(second)))];
        double[] backward = [.. Enumerable.Range(0, 10_000).Reverse().Select(second => noise.At(TimeSpan.FromSeconds(second)))];

        Assert.Equal(forward, backward.Reverse());
        Assert.All(forward, static value => Assert.InRange(value, -2, 2));
        Assert.InRange(forward.Average(), -0.1, 0.1);
        Assert.True(forward.Max() > 1.9 && forward.Min() < -1.9);
        Assert.Equal((forward[3] + forward[4]) / 2, noise.At(TimeSpan.FromSeconds(3.5)), 9);
        Assert.NotEqual(forward[5], Stimulus.Noise(2, TimeSpan.FromSeconds(1), seed: 8).At(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Sums_and_limits_hold_at_every_instant()
    {
        Stimulus limited = Stimulus.Constant(5).Plus(Stimulus.Ramp(0, 10, Minute)).Within(6, 12);

        Assert.Equal(6, limited.At(TimeSpan.Zero));
        Assert.Equal(10, limited.At(Minute / 2), 9);
        Assert.Equal(12, limited.At(Minute));
    }

    [Fact]
    public void Shapes_without_duration_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Stimulus.Ramp(0, 1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Stimulus.Sine(0, 1, -Minute));
        Assert.Throws<ArgumentOutOfRangeException>(() => Stimulus.Noise(1, TimeSpan.Zero, 1));
        Assert.Throws<ArgumentException>(() => Stimulus.Constant(1).Within(2, 1));
    }

    [Fact]
    public void A_generated_room_is_plausible_for_a_week_and_fixed_by_its_seed()
    {
        Ambient room = GeneratedRoom.Create(3);
        Ambient same = GeneratedRoom.Create(3);
        for (TimeSpan at = TimeSpan.Zero; at < TimeSpan.FromDays(7); at += TimeSpan.FromMinutes(7))
        {
            Assert.InRange(room.TemperatureCelsius.At(at), 19, 24);
            Assert.InRange(room.HumidityPercent.At(at), 35, 55);
            Assert.InRange(room.PressurePascals.At(at), 100_000, 102_600);
            Assert.InRange(room.LightLux.At(at), 0, 700);
            Assert.InRange(room.CarbonDioxidePpm.At(at), 400, 1_000);
            Assert.Equal(room.TemperatureCelsius.At(at), same.TemperatureCelsius.At(at));
        }
    }
}
