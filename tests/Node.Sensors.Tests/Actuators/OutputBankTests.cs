using Node.Sensors.Actuators;

namespace Node.Sensors.Tests.Actuators;

public sealed class OutputBankTests : IDisposable
{
    private static readonly string[] Blinds = ["up", "down"];

    private readonly ExactTime _time = new();
    private readonly SimulatedPin[] _pins;
    private readonly List<OutputBank> _banks = [];

    public OutputBankTests() => _pins = [new SimulatedPin(_time), new SimulatedPin(_time)];

    public void Dispose() => _banks.ForEach(bank => bank.Dispose());

    [Fact]
    public void A_maximum_on_time_ends_to_the_instant_and_another_command_does_not_prolong_it()
    {
        OutputBank bank = Open(new OutputLimits { MaximumOnTime = Seconds(10) });
        bank.Execute(0, OutputCommand.On("ann"));
        _time.Advance(Seconds(9));
        bank.Execute(0, OutputCommand.On("ann"));

        _time.Advance(Seconds(0.999));
        double before = _pins[0].Latch;
        _time.Advance(Seconds(0.001));

        Assert.Equal((1, 0), (before, _pins[0].Latch));
        Assert.Equal("maximum on-time reached", bank.StatusOf(0).Cause);
    }

    [Fact]
    public void A_lease_is_renewed_by_a_command_and_ends_without_one()
    {
        OutputBank bank = Open(new OutputLimits { Lease = Seconds(10) });
        bank.Execute(0, OutputCommand.On("ann"));
        _time.Advance(Seconds(8));
        OutputAnswer renewed = bank.Execute(0, OutputCommand.On("ann"));
        _time.Advance(Seconds(9));
        double held = _pins[0].Latch;
        _time.Advance(Seconds(1));

        Assert.Equal(Seconds(10), renewed.Status.LeaseRemaining);
        Assert.Equal((1, 0), (held, _pins[0].Latch));
    }

    [Fact]
    public void Dwell_times_refuse_with_the_time_left_and_do_not_hold_up_what_makes_it_safe()
    {
        OutputBank bank = Open(new OutputLimits { MinimumOnTime = Seconds(5), MinimumOffTime = Seconds(3) });

        OutputAnswer justStarted = bank.Execute(0, OutputCommand.On("ann"));
        _time.Advance(Seconds(3));
        OutputAnswer on = bank.Execute(0, OutputCommand.On("ann"));
        _time.Advance(Seconds(2));
        OutputAnswer off = bank.Execute(0, OutputCommand.Set(0, "ann"));
        OutputAnswer safe = bank.Execute(0, OutputCommand.MakeSafe("ann"));

        Assert.Equal((OutputRefusal.Dwell, (TimeSpan?)Seconds(3)), (justStarted.Refusal, justStarted.RetryAfter));
        Assert.Equal((OutputRefusal.None, (OutputRefusal)OutputRefusal.Dwell, (TimeSpan?)Seconds(3)), (on.Refusal, off.Refusal, off.RetryAfter));
        Assert.Equal((true, 0), (safe.IsDone, _pins[0].Latch));
        Assert.Equal(true, off.Status.IsOn);
    }

    [Fact]
    public void Commands_that_switch_keep_their_interval()
    {
        OutputBank bank = Open(new OutputLimits { MinimumSwitchInterval = Seconds(2) });
        _time.Advance(Seconds(2));

        Assert.True(bank.Execute(0, OutputCommand.Toggle("ann")).IsDone);
        Assert.Equal(OutputRefusal.SwitchInterval, bank.Execute(0, OutputCommand.Toggle("ann")).Refusal);
        Assert.True(bank.Execute(0, OutputCommand.On("ann")).IsDone); // It is on: nothing is switched.
        _time.Advance(Seconds(2));
        Assert.True(bank.Execute(0, OutputCommand.Toggle("ann")).IsDone);
    }

    [Fact]
    public void A_group_never_has_two_on_and_waits_its_dead_time_between_them()
    {
        OutputBank bank = OpenGroup();
        _time.Advance(Seconds(1));
        bank.Execute(0, OutputCommand.On("ann"));

        OutputAnswer both = bank.Execute(1, OutputCommand.On("bob"));
        bank.Execute(0, OutputCommand.Set(0, "ann"));
        OutputAnswer early = bank.Execute(1, OutputCommand.On("bob"));
        _time.Advance(Seconds(1));
        OutputAnswer then = bank.Execute(1, OutputCommand.On("bob"));

        Assert.Equal((OutputRefusal.Interlock, OutputRefusal.DeadTime, OutputRefusal.None), (both.Refusal, early.Refusal, then.Refusal));
        Assert.Equal("up of the same interlock group is on", both.Reason);
        Assert.Equal(Seconds(1), early.RetryAfter);
    }

    [Fact]
    public void A_start_keeps_the_dead_time_because_nobody_knows_what_was_on()
    {
        OutputBank bank = OpenGroup();

        Assert.Equal(OutputRefusal.DeadTime, bank.Execute(0, OutputCommand.On("ann")).Refusal);
    }

    [Fact]
    public void A_line_that_is_held_on_from_outside_is_a_fault_and_blocks_its_group()
    {
        OutputBank bank = OpenGroup();
        _time.Advance(Seconds(1));
        _pins[0].Short = 1;

        OutputAnswer other = bank.Execute(1, OutputCommand.On("bob"));
        string? fault = bank.StatusOf(0).Fault;
        _pins[0].Short = null;
        _time.Advance(Seconds(2));
        OutputAnswer later = bank.Execute(1, OutputCommand.On("bob"));

        Assert.Equal(OutputRefusal.Interlock, other.Refusal);
        Assert.StartsWith("reads back on although off was driven", fault, StringComparison.Ordinal);
        Assert.Equal("", later.Reason);
    }

    [Fact]
    public void A_partner_found_on_switches_off_what_is_on()
    {
        OutputBank bank = OpenGroup();
        _time.Advance(Seconds(1));
        bank.Execute(1, OutputCommand.On("bob"));

        _pins[0].Short = 1;
        _time.Advance(OutputBank.ReadBackPeriod);

        Assert.Equal(0, _pins[1].Latch);
        Assert.Contains("up of the same interlock group may be on", bank.StatusOf(1).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_the_pin_does_not_follow_is_answered_with_the_fault()
    {
        OutputBank bank = Open(new OutputLimits());
        _pins[0].Short = 0;

        OutputAnswer answer = bank.Execute(0, OutputCommand.On("ann"));

        Assert.Equal(OutputRefusal.Fault, answer.Refusal);
        Assert.Contains("reads back off although on was driven", answer.Reason, StringComparison.Ordinal);
        Assert.Equal((false, 0), (answer.Status.IsOn, _pins[0].Latch));
    }

    [Fact]
    public void A_line_that_cannot_be_switched_off_is_tried_every_second_until_it_can()
    {
        OutputBank bank = Open(new OutputLimits { MaximumOnTime = Seconds(5) });
        bank.Execute(0, OutputCommand.On("ann"));
        _pins[0].Break(true);
        _time.Advance(Seconds(60));
        string? fault = bank.StatusOf(0).Fault;

        _pins[0].Break(false);
        _time.Advance(Seconds(1));

        Assert.Equal("the line cannot be driven", fault);
        Assert.Equal((0, (string?)null), (_pins[0].Latch, bank.StatusOf(0).Fault));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_lost_connection_makes_it_safe_and_asks_for_arming_where_told_so(bool needsRearming)
    {
        OutputBank bank = Open(new OutputLimits { CommunicationTimeout = Seconds(30) }, new OutputRules { Name = "up", NeedsRearming = needsRearming });
        bank.SetConnected(true);
        bank.Execute(0, OutputCommand.On("ann"));
        bank.SetConnected(false);
        _time.Advance(Seconds(29));
        double held = _pins[0].Latch;
        _time.Advance(Seconds(1));
        bank.SetConnected(true);

        OutputAnswer again = bank.Execute(0, OutputCommand.On("ann"));
        OutputAnswer armed = bank.Execute(0, OutputCommand.Arm("ann"));

        Assert.Equal(1, held);
        Assert.Equal(needsRearming ? OutputRefusal.Disarmed : OutputRefusal.None, again.Refusal);
        Assert.True(armed.IsDone);
        Assert.True(bank.Execute(0, OutputCommand.On("ann")).IsDone);
    }

    [Fact]
    public void A_connection_that_never_stood_is_not_lost()
    {
        OutputBank bank = Open(new OutputLimits { CommunicationTimeout = Seconds(30) }, new OutputRules { Name = "up", NeedsRearming = true });
        bank.SetConnected(false);
        bank.Execute(0, OutputCommand.On("somebody at the node"));

        _time.Advance(Seconds(300));

        Assert.Equal(1, _pins[0].Latch);
    }

    [Fact]
    public void A_pulse_ends_by_itself_in_the_fail_safe_state()
    {
        OutputBank bank = Open(new OutputLimits { MaximumOnTime = Seconds(10), MinimumOnTime = Seconds(1) });

        OutputAnswer tooLong = bank.Execute(0, OutputCommand.Pulse(Seconds(11), "ann"));
        OutputAnswer tooShort = bank.Execute(0, OutputCommand.Pulse(Seconds(0.5), "ann"));
        OutputAnswer pulse = bank.Execute(0, OutputCommand.Pulse(Seconds(2), "ann"));
        _time.Advance(Seconds(2));

        Assert.Equal((OutputRefusal.OutOfRange, OutputRefusal.OutOfRange), (tooLong.Refusal, tooShort.Refusal));
        Assert.Equal(Seconds(2), pulse.Status.LeaseRemaining);
        Assert.Equal((0, "pulse ended"), (_pins[0].Latch, bank.StatusOf(0).Cause));
    }

    [Fact]
    public void A_proportional_output_starts_with_a_boost_moves_by_its_slew_and_stops_at_once()
    {
        var shape = new DutyShape { MinimumDuty = 0.2, MaximumDuty = 0.9, SlewPerSecond = 0.1, BoostDuty = 0.8, BoostTime = Seconds(1) };
        OutputBank bank = Open(new OutputLimits(), new OutputRules { Name = "fan", Shape = shape });

        OutputAnswer low = bank.Execute(0, OutputCommand.Set(0.1, "ann"));
        bank.Execute(0, OutputCommand.Set(0.4, "ann"));
        double boost = _pins[0].Latch;
        _time.Advance(Seconds(3));
        double halfway = _pins[0].Latch;
        _time.Advance(Seconds(2.1));
        double there = _pins[0].Latch;
        bank.Execute(0, OutputCommand.Set(0, "ann"));

        Assert.Equal(OutputRefusal.OutOfRange, low.Refusal);
        Assert.Equal(0.8, boost);
        Assert.Equal(0.6, halfway, 0.011);
        Assert.Equal((0.4, 0.0), (there, _pins[0].Latch));
    }

    [Fact]
    public void A_shorter_limit_holds_for_what_is_on_already()
    {
        OutputBank bank = Open(new OutputLimits());
        bank.Execute(0, OutputCommand.On("ann"));
        _time.Advance(Seconds(20));

        bank.SetLimits(0, new OutputLimits { MaximumOnTime = Seconds(10) });

        Assert.Equal(0, _pins[0].Latch);
    }

    [Fact]
    public void Limits_that_contradict_each_other_are_refused_and_the_old_ones_stay()
    {
        OutputBank bank = Open(new OutputLimits { Lease = Seconds(9) }, new OutputRules { Name = "heater", FailSafeLevel = 1 });

        Assert.Throws<ArgumentException>(() => bank.SetLimits(0, new OutputLimits { MaximumOnTime = Seconds(1) }));
        Assert.Throws<ArgumentException>(() => Open(new OutputLimits(), new OutputRules { Name = "blind", FailSafeLevel = 1, InterlockGroup = "g" }));
        Assert.Equal(new OutputLimits { Lease = Seconds(9) }, bank.LimitsOf(0));
        _pins[0].Break(false);
    }

    [Fact]
    public void After_the_end_everything_is_safe_and_commands_are_refused()
    {
        OutputBank bank = Open(new OutputLimits());
        bank.Execute(0, OutputCommand.On("ann"));

        bank.Dispose();

        Assert.Equal(0, _pins[0].Latch);
        Assert.Equal((false, "the program stops"), (bank.StatusOf(0).IsOn, bank.StatusOf(0).Cause));
        Assert.Equal(OutputRefusal.Stopping, bank.Execute(0, OutputCommand.On("ann")).Refusal);
    }

    [Fact]
    public void Every_change_is_told_once_and_an_idle_second_is_not()
    {
        OutputBank bank = Open(new OutputLimits { MaximumOnTime = Seconds(5) });
        int told = 0;
        bank.Changed = () => told++;

        bank.Execute(0, OutputCommand.On("ann"));
        _time.Advance(Seconds(4));
        int afterOn = told;
        _time.Advance(Seconds(10));

        Assert.Equal((1, 2), (afterOn, told));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private OutputBank Open(OutputLimits limits, OutputRules? rules = null) =>
        Keep(new OutputBank([new OutputOnPort(rules ?? new OutputRules { Name = "up" }, limits, new SimulatedPort(_pins[0]))], _time));

    private OutputBank OpenGroup() => Keep(new OutputBank(
        [.. Blinds.Select((name, i) => new OutputOnPort(
            new OutputRules { Name = name, InterlockGroup = "blind", DeadTime = Seconds(1) }, new OutputLimits(), new SimulatedPort(_pins[i])))], _time));

    private OutputBank Keep(OutputBank bank)
    {
        _banks.Add(bank);
        return bank;
    }
}
