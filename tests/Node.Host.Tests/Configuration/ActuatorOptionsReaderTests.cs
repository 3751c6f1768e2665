using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;
using Node.Sensors.Actuators;

namespace Node.Host.Tests.Configuration;

public sealed class ActuatorOptionsReaderTests
{
    [Fact]
    public void A_pump_with_every_limit()
    {
        ActuatorOptions pump = Assert.Single(Load(
            ("Pin", "4"), ("ActiveLow", "true"), ("MaxOnTime", "10m"), ("MinOnTime", "5s"), ("MinOffTime", "PT30S"), ("MinSwitchInterval", "2s"), ("Lease", "1h"),
            ("HubLossTimeout", "5m"), ("Rearm", "true"), ("Interlock", "water"), ("DeadTime", "500ms")).Options.Actuators);

        Assert.Equal(new OutputLimits
        {
            MaximumOnTime = TimeSpan.FromMinutes(10),
            MinimumOnTime = TimeSpan.FromSeconds(5),
            MinimumOffTime = TimeSpan.FromSeconds(30),
            MinimumSwitchInterval = TimeSpan.FromSeconds(2),
            Lease = TimeSpan.FromHours(1),
            CommunicationTimeout = TimeSpan.FromMinutes(5),
        }, pump.Limits);
        Assert.Equal((4, true, true, "water", TimeSpan.FromSeconds(0.5)), (pump.Pin, pump.ActiveLow, pump.NeedsRearming, pump.Interlock, pump.DeadTime));
    }

    [Fact]
    public void A_fan_on_a_pwm_channel_needs_no_pin()
    {
        LoadedConfiguration loaded = Load(
            ("Kind", "Pwm"), ("Chip", "2"), ("Channel", "1"), ("Frequency", "100"), ("FailSafe", "0.3"), ("MinDuty", "0.2"), ("MaxDuty", "0.9"),
            ("SlewPerSecond", "0.5"), ("BoostDuty", "0.8"), ("BoostTime", "1s"));

        ActuatorOptions fan = Assert.Single(loaded.Options.Actuators);
        Assert.Empty(loaded.Faults);
        Assert.Equal((2, 1, 100, 0.3), (fan.Pwm.Chip, fan.Pwm.Channel, fan.Pwm.Frequency, fan.FailSafeLevel));
        Assert.Equal(new DutyShape { MinimumDuty = 0.2, MaximumDuty = 0.9, SlewPerSecond = 0.5, BoostDuty = 0.8, BoostTime = TimeSpan.FromSeconds(1) }, fan.Rules.Shape);
    }

    [Theory, InlineData(null, 100), InlineData("50", 50)]
    public void A_fan_on_a_pin_is_switched_by_a_timer_at_a_frequency_that_one_can_keep(string? frequency, int hertz)
    {
        LoadedConfiguration loaded = frequency is null
            ? Load(("Kind", "Pwm"), ("Pin", "18"))
            : Load(("Kind", "Pwm"), ("Pin", "18"), ("Frequency", frequency));

        ActuatorOptions fan = Assert.Single(loaded.Options.Actuators);
        Assert.Empty(loaded.Faults);
        Assert.Equal((18, hertz), (fan.Pwm.Pin, fan.Pwm.Frequency));
    }

    [Theory]
    [InlineData("Frequency", "25000", "Kind", "Pwm", "Node:Actuators:x:Frequency")]
    [InlineData("MaxOnTime", "10m", "FailSafe", "on", "Node:Actuators:x:MaxOnTime")]
    [InlineData("Interlock", "g", "FailSafe", "on", "Node:Actuators:x:Interlock")]
    [InlineData("MaxOnTime", "10s", "MinOnTime", "20s", "Node:Actuators:x:MinOnTime")]
    [InlineData("Lease", "8d", "Rearm", "true", "Node:Actuators:x:Lease")]
    [InlineData("DeadTime", "2h", "Interlock", "g", "Node:Actuators:x:DeadTime")]
    [InlineData("Pin", "54", "Rearm", "true", "Node:Actuators:x:Pin")]
    public void What_cannot_be_together_or_is_out_of_range_is_a_fault_of_that_setting(string key, string value, string with, string withValue, string path)
    {
        (string, string)[] settings = key == "Pin" ? [(key, value), (with, withValue)] : [("Pin", "4"), (key, value), (with, withValue)];

        Assert.StartsWith(path + ":", Assert.Single(Load(settings).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_fans_on_one_channel_clash_and_a_fan_and_a_pin_do_not()
    {
        LoadedConfiguration loaded = Read(
            ("Node:Actuators:a:Kind", "Pwm"), ("Node:Actuators:b:Kind", "Pwm"), ("Node:Actuators:c:Pin", "0"));

        Assert.StartsWith("Node:Actuators:b:Channel:", Assert.Single(loaded.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_token_and_an_unknown_light_are_faults_and_the_token_stays_unsaid()
    {
        LoadedConfiguration loaded = Read(("Node:Http:Token", "short"), ("Node:Identify:Actuator", "lamp"));

        Assert.Equal(2, loaded.Faults.Count);
        Assert.DoesNotContain("'short'", string.Concat(loaded.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain("longenough", Read(("Node:Http:Token", "longenough")).Options.ToString(), StringComparison.Ordinal);
    }

    private static LoadedConfiguration Load(params (string Key, string Value)[] settings) =>
        Read([.. settings.Select(setting => ($"Node:Actuators:x:{setting.Key}", setting.Value))]);

    private static LoadedConfiguration Read(params (string Key, string Value)[] settings) => NodeOptionsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))).Build(), "/nowhere");
}
