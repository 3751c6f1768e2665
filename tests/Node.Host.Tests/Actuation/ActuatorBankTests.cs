using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Actuation;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Tests.TestKit;
using Node.HubClient;
using Node.Sensors.Actuators;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.Actuation;

public sealed class ActuatorBankTests
{
    private static readonly ActuatorOptions Pump = new()
    {
        Name = "pump",
        Pin = 4,
        NeedsRearming = true,
        Limits = new OutputLimits { MaximumOnTime = TimeSpan.FromMinutes(10), CommunicationTimeout = TimeSpan.FromSeconds(30) },
    };

    [Fact]
    public void A_maximum_on_time_needs_neither_hub_nor_sampling_and_is_reported()
    {
        using var node = TestNode.With(null, [Pump]);
        node.Connect();
        node.Client.Call("pump*setState", "true");

        node.Time.Advance(TimeSpan.FromMinutes(10));
        bool high = node.Board.Gpio.IsHigh(4);
        node.Loop.Turn();
        node.StoreReported();

        Assert.False(high);
        Assert.Equal(("off", "maximum on-time reached"), ((string)node.Reported()["pump"]!["state"]!, (string)node.Reported()["pump"]!["cause"]!));
    }

    [Fact]
    public void A_lost_hub_makes_it_safe_and_it_waits_to_be_armed()
    {
        using var node = TestNode.With(null, [Pump]);
        node.Connect();
        node.Client.Call("pump*setState", "true");
        node.Client.Disconnect();
        node.Loop.Turn();
        node.Time.Advance(TimeSpan.FromSeconds(30));
        bool high = node.Board.Gpio.IsHigh(4);
        node.Connect();

        MethodResponse refused = node.Client.Call("pump*setState", "true");
        MethodResponse armed = node.Client.Call("pump*arm", "");
        MethodResponse again = node.Client.Call("pump*setState", "true");

        Assert.False(high);
        Assert.Equal((409, 200, 200), (refused.Status, armed.Status, again.Status));
    }

    [Fact]
    public void A_hub_loop_that_hangs_counts_as_a_lost_hub_although_the_connection_never_ended()
    {
        using var node = TestNode.With(null, [Pump]);
        node.Actuators.IsHubWatched = () => node.Loop.IsTurning;
        node.Connect();
        node.Client.Call("pump*setState", "true");
        for (int second = 0; second < 60; second++)
        {
            node.Time.Advance(TimeSpan.FromSeconds(1));
            node.Loop.Turn();
        }

        bool whileTurning = node.Board.Gpio.IsHigh(4);
        Pass(HubLoop.LongestSilence + Pump.Limits.CommunicationTimeout - TimeSpan.FromSeconds(1)); // No turn from now on.
        bool justBefore = node.Board.Gpio.IsHigh(4);
        Pass(TimeSpan.FromSeconds(2));
        bool afterwards = node.Board.Gpio.IsHigh(4);
        node.Loop.Turn();

        Assert.Equal((true, true, false), (whileTurning, justBefore, afterwards));
        Assert.Equal(409, node.Client.Call("pump*setState", "true").Status);

        void Pass(TimeSpan time)
        {
            for (TimeSpan second = TimeSpan.FromSeconds(1); second <= time; second += TimeSpan.FromSeconds(1))
            {
                node.Time.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    [Fact]
    public void What_is_told_of_a_change_may_hang_without_holding_up_a_time_limit()
    {
        using var folder = new TemporaryFolder();
        using var board = new EmulatedBoard(new EmulatedBoardOptions { Chips = [] }, GeneratedRoom.Create(1), TimeProvider.System);
        using var buses = new EmulatedBusProvider(board);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var waiting = new List<Action>();
        using var bank = new ActuatorBank(
            [Pump], buses, time, new ActuatorRecord(folder.File("actuators.json"), NullLogger.Instance), NullLogger.Instance, waiting.Add);
        int told = 0;
        bank.Changed = () => told++;

        bank.Execute(0, OutputCommand.On("test"));
        time.Advance(TimeSpan.FromMinutes(11));

        Assert.False(board.Gpio.IsHigh(4));
        Assert.Equal(0, told);
        Assert.Single(waiting); // However often it changed.
        waiting[0]();
        Assert.Equal(1, told);
    }

    [Fact]
    public void A_defect_leaves_everything_safe_and_what_was_in_use_waits_to_be_armed()
    {
        using var folder = new TemporaryFolder();
        using (var dying = TestNode.With(folder, [Pump]))
        {
            dying.Client.Call("pump*setState", "true");
            dying.Actuators.Abandon();

            Assert.False(dying.Board.Gpio.IsHigh(4));
            File.Copy(folder.File("actuators.json"), folder.File("kept"));
        }

        File.Move(folder.File("kept"), folder.File("actuators.json"), overwrite: true);
        using var next = TestNode.With(folder, [Pump]);

        Assert.Equal(409, next.Client.Call("pump*setState", "true").Status);
    }

    [Fact]
    public void After_a_crash_while_it_was_on_it_is_off_and_waits_to_be_armed_also_after_another_restart()
    {
        using var folder = new TemporaryFolder();
        var crashed = TestNode.With(folder, [Pump]);
        crashed.Client.Call("pump*setState", "true");
        string record = File.ReadAllText(folder.File("actuators.json"));
        crashed.Dispose();
        File.WriteAllText(folder.File("actuators.json"), record); // What the disk holds when nobody stopped it.

        using (var second = TestNode.With(folder, [Pump]))
        {
            Assert.False(second.Board.Gpio.IsHigh(4));
            Assert.Equal(409, second.Client.Call("pump*setState", "true").Status);
        }

        using var third = TestNode.With(folder, [Pump]);
        Assert.Equal(409, third.Client.Call("pump*setState", "true").Status);
        Assert.Equal(200, third.Client.Call("pump*arm", "").Status);
        Assert.Equal(200, third.Client.Call("pump*setState", "true").Status);
    }

    [Fact]
    public void After_an_orderly_stop_it_needs_no_arming()
    {
        using var folder = new TemporaryFolder();
        using (var first = TestNode.With(folder, [Pump]))
        {
            first.Client.Call("pump*setState", "true");
        }

        using var second = TestNode.With(folder, [Pump]);

        Assert.Equal(200, second.Client.Call("pump*setState", "true").Status);
    }

    [Fact]
    public void A_record_that_cannot_be_read_counts_as_the_worst()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("actuators.json"), "{ torn");

        using var node = TestNode.With(folder, [Pump]);

        MethodResponse response = node.Client.Call("pump*setState", "true");
        Assert.Equal(409, response.Status);
        Assert.Contains("cannot be read", System.Text.Encoding.UTF8.GetString(response.Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_recorded_is_not_moved()
    {
        using var node = TestNode.With(null, [Pump]);
        Directory.CreateDirectory(node.Folder.File("actuators.json.new")); // The file beside cannot be written.

        MethodResponse response = node.Client.Call("pump*setState", "true");

        Assert.Equal(500, response.Status);
        Assert.False(node.Board.Gpio.IsHigh(4));
    }

    [Fact]
    public void An_actuator_without_re_arming_writes_nothing()
    {
        using var node = new TestNode();

        node.Client.Call("led*setState", "true");

        Assert.False(File.Exists(node.Folder.File("actuators.json")));
    }

    [Fact]
    public void The_twin_sets_limits_whole_or_not_at_all_and_they_hold_at_once()
    {
        using var node = TestNode.With(null, [Pump with { NeedsRearming = false }]);
        node.Connect();
        node.Client.Call("pump*setState", "true");
        node.Time.Advance(TimeSpan.FromMinutes(1));

        node.Patch("""{"pump":{"maxOnTime":"30s","lease":"for ever"},"$version":2}""");
        bool afterBad = node.Board.Gpio.IsHigh(4);
        node.Patch("""{"pump":{"lease":"PT5M"},"$version":3}""");
        node.StoreReported();

        Assert.True(afterBad);
        Assert.False(node.Board.Gpio.IsHigh(4));
        Assert.Equal(("PT30S", 200), ((string)node.Reported()["pump"]!["maxOnTime"]!["value"]!, (int)node.Reported()["pump"]!["maxOnTime"]!["ac"]!));
        Assert.Equal(TimeSpan.FromMinutes(5), node.Actuators.Channels[0].Limits.Lease);
    }

    [Fact]
    public void A_maximum_on_time_is_refused_where_on_is_the_safe_state()
    {
        using var node = TestNode.With(null, [new ActuatorOptions { Name = "heater", Pin = 4, FailSafeLevel = 1 }]);
        node.Connect();

        node.Patch("""{"heater":{"maxOnTime":"30s"},"$version":2}""");
        node.StoreReported();

        Assert.Equal(("PT0S", 400), ((string)node.Reported()["heater"]!["maxOnTime"]!["value"]!, (int)node.Reported()["heater"]!["maxOnTime"]!["ac"]!));
        Assert.True(node.Board.Gpio.IsHigh(4));
    }

    [Fact]
    public void The_stop_drives_every_fail_safe_state()
    {
        var node = TestNode.With(null, [Pump, new ActuatorOptions { Name = "valve", Pin = 5, FailSafeLevel = 1, ActiveLow = true }]);
        node.Client.Call("pump*setState", "true");
        node.Client.Call("valve*setState", "false");

        node.Actuators.Dispose();

        Assert.Equal((false, false), (node.Board.Gpio.IsHigh(4), node.Board.Gpio.IsHigh(5)));
        Assert.Equal(409, node.Client.Call("pump*setState", "true").Status);
        node.Dispose();
    }
}
