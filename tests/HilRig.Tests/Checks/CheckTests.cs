using System.Text.Json.Nodes;
using HilRig.Checks;
using HilRig.Scenarios;
using HilRig.Service;

namespace HilRig.Tests.Checks;

/// <summary>Each oracle against records in which the truth is known: it must fail as well as pass.</summary>
public sealed class CheckTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Connected_and_first_telemetry_are_judged_against_their_limits()
    {
        var run = new RunRecord { Connected = 2 * Second, Arrivals = Readings(from: 3, every: 1, count: 1) };

        Assert.Equal(VerdictKind.Pass, new ConnectedWithin(2 * Second).Judge(run).Kind);
        Assert.Equal(VerdictKind.Fail, new ConnectedWithin(1.9 * Second).Judge(run).Kind);
        Assert.Equal(VerdictKind.Fail, new ConnectedWithin(Second).Judge(new RunRecord()).Kind);
        Assert.Equal(VerdictKind.Pass, new FirstTelemetryWithin(4 * Second).Judge(run).Kind);
        Assert.Equal(VerdictKind.Fail, new FirstTelemetryWithin(2 * Second).Judge(run).Kind);
        Assert.Equal(VerdictKind.Fail, new FirstTelemetryWithin(Second).Judge(new RunRecord()).Kind);
    }

    [Fact]
    public void A_missing_number_is_lost_and_a_pending_one_is_not()
    {
        ReadingsAccount whole = Account(sent: 10, pending: 0);
        ReadingsAccount gap = whole with { Missing = [new SequenceRange(4, 5)], Distinct = 8 };
        ReadingsAccount spooled = gap with { Pending = 2 };

        Assert.Equal(VerdictKind.Pass, new NothingLost().Judge(new RunRecord { Account = whole }).Kind);
        Assert.Equal(2, gap.Lost);
        Verdict verdict = new NothingLost().Judge(new RunRecord { Account = gap });
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.Contains("4-5", verdict.Text, StringComparison.Ordinal);
        Assert.Equal(VerdictKind.Pass, new NothingLost().Judge(new RunRecord { Account = spooled }).Kind);
    }

    [Fact]
    public void Nothing_to_count_does_not_pass()
    {
        Assert.Equal(VerdictKind.Fail, new NothingLost().Judge(new RunRecord()).Kind);
        Assert.Equal(VerdictKind.Inconclusive, new NothingLost().Judge(new RunRecord { Account = Account(sent: 0, pending: 0) }).Kind);
        Assert.Equal(VerdictKind.Inconclusive, new StopsWithin(Second).Judge(new RunRecord()).Kind);
    }

    [Fact]
    public void Repeated_readings_count_once()
    {
        var run = new RunRecord { Arrivals = [.. Readings(0, 1, 5), .. Readings(0, 1, 5)] };

        Assert.Equal(VerdictKind.Pass, new ReadingsAtLeast(5).Judge(run).Kind);
        Assert.Equal(VerdictKind.Fail, new ReadingsAtLeast(6).Judge(run).Kind);
    }

    [Fact]
    public void The_interval_is_judged_by_sampling_times_after_the_change()
    {
        StepRecord change = Done(new TwinStep(5 * Second, []), began: 5, ended: 5);
        var run = new RunRecord { Arrivals = [.. Readings(0, 1, 5), .. Readings(6, 0.25, 20)], Steps = [change] };

        Assert.Equal(VerdictKind.Pass, new IntervalIs("climate", 0.25 * Second, 10).Judge(run).Kind);
        Assert.Equal(VerdictKind.Fail, new IntervalIs("climate", Second, 10).Judge(run).Kind);
        Assert.Equal(VerdictKind.Fail, new IntervalIs("other", 0.25 * Second, 10).Judge(run).Kind);
        Assert.Equal(VerdictKind.Fail, new IntervalIs("climate", 0.25 * Second, 10).Judge(new RunRecord { Arrivals = Readings(0, 0.25, 3) }).Kind);
    }

    [Fact]
    public void Readings_delivered_late_do_not_spoil_the_interval()
    {
        Arrival[] late = [.. Readings(0, 1, 10).Select(reading => reading with { At = 60 * Second })];

        Assert.Equal(VerdictKind.Pass, new IntervalIs("climate", Second, 10).Judge(new RunRecord { Arrivals = late }).Kind);
    }

    [Theory]
    [InlineData(200, 3, "PT0.25S", 1, true)]
    [InlineData(200, 4, "PT0.25S", 1, true)]
    [InlineData(400, 3, "PT0.25S", 1, false)]
    [InlineData(200, 2, "PT0.25S", 1, false)]
    [InlineData(200, 3, "PT5S", 1, false)]
    [InlineData(200, 3, "PT0.25S", 9, false)]
    public void An_acknowledgement_needs_code_version_value_and_time(int code, int version, string value, int after, bool passes)
    {
        var step = new TwinStep(Second, [TwinAssignment.Parse("climate.interval=250ms")]);
        var run = new RunRecord
        {
            Steps = [Done(step, began: 1, ended: 1) with { DesiredVersion = 3 }],
            Twins = [new TwinSnapshot((1 + after) * Second, Acknowledged(value, code, version))],
        };

        Verdict verdict = new TwinAcknowledged("climate.interval", JsonValue.Create("250ms"), 200, 5 * Second).Judge(run);

        Assert.Equal(passes, verdict.Kind == VerdictKind.Pass);
    }

    [Fact]
    public void A_method_must_answer_every_call_as_expected()
    {
        JsonNode on = JsonNode.Parse("""{"state":"on"}""")!;
        StepRecord Call(int status, string payload) =>
            Done(new MethodStep(Second, "led*toggle", null), 1, 2) with { Answer = new MethodAnswer(status, JsonNode.Parse(payload)) };
        var check = new MethodAnswers("led*toggle", 200, on);

        Assert.Equal(VerdictKind.Pass, check.Judge(new RunRecord { Steps = [Call(200, """{"state":"on"}""")] }).Kind);
        Assert.Equal(VerdictKind.Fail, check.Judge(new RunRecord { Steps = [Call(200, """{"state":"on"}"""), Call(200, """{"state":"off"}""")] }).Kind);
        Assert.Equal(VerdictKind.Fail, check.Judge(new RunRecord { Steps = [Call(404, """{"state":"on"}""")] }).Kind);
        Assert.Equal(VerdictKind.Fail, check.Judge(new RunRecord()).Kind);
    }

    [Fact]
    public void Recovery_counts_from_the_end_of_the_disturbance()
    {
        StepRecord outage = Done(new OutageStep(5 * Second, 10 * Second), began: 5, ended: 15);
        var run = new RunRecord { Steps = [outage], Arrivals = [.. Readings(0, 1, 5), .. Readings(17, 1, 5)] };

        Assert.Equal(VerdictKind.Pass, new RecoveredWithin(2 * Second).Judge(run).Kind);
        Assert.Equal(VerdictKind.Fail, new RecoveredWithin(Second).Judge(run).Kind);
        Assert.Equal(VerdictKind.Fail, new RecoveredWithin(Second).Judge(run with { Arrivals = Readings(0, 1, 5) }).Kind);
    }

    [Fact]
    public void A_backlog_is_taken_during_the_outage_and_arrives_after_it()
    {
        StepRecord outage = Done(new OutageStep(5 * Second, 10 * Second), began: 5, ended: 15);
        Arrival[] late = [.. Readings(6, 1, 8).Select(reading => reading with { At = 16 * Second })];

        Assert.Equal(VerdictKind.Pass, new BacklogAtLeast(8).Judge(new RunRecord { Steps = [outage], Arrivals = late }).Kind);
        Assert.Equal(VerdictKind.Fail, new BacklogAtLeast(9).Judge(new RunRecord { Steps = [outage], Arrivals = late }).Kind);
        Assert.Equal(VerdictKind.Fail, new BacklogAtLeast(1).Judge(new RunRecord { Steps = [outage], Arrivals = Readings(6, 1, 8) }).Kind);
    }

    [Fact]
    public void A_stop_must_be_clean_and_in_time()
    {
        var clean = new NodeStop(Second, Second, ExitCode: 0, WasKilled: false);

        Assert.Equal(VerdictKind.Pass, new StopsWithin(2 * Second).Judge(new RunRecord { Stops = [clean] }).Kind);
        Assert.Equal(VerdictKind.Fail, new StopsWithin(0.5 * Second).Judge(new RunRecord { Stops = [clean] }).Kind);
        Assert.Equal(VerdictKind.Fail, new StopsWithin(2 * Second).Judge(new RunRecord { Stops = [clean, clean with { ExitCode = 1 }] }).Kind);
        Assert.Equal(VerdictKind.Fail, new StopsWithin(2 * Second).Judge(new RunRecord { Stops = [clean with { WasKilled = true }] }).Kind);
    }

    internal static Arrival[] Readings(double from, double every, int count) =>
    [
        .. Enumerable.Range(0, count).Select(index => new Arrival(
            TimeSpan.FromSeconds(from + (index * every)),
            "boot",
            (long)(from * 1000) + index + 1,
            "climate",
            TimeSpan.FromSeconds(from + (index * every)))),
    ];

    internal static ReadingsAccount Account(long sent, long pending) => new()
    {
        Sent = sent,
        Confirmed = sent - pending,
        Pending = pending,
        Dropped = 0,
        Distinct = sent,
        Received = sent,
        LeftAtStop = 0,
        Missing = [],
    };

    private static StepRecord Done(ScenarioStep step, double began, double ended) =>
        new(step, TimeSpan.FromSeconds(began), TimeSpan.FromSeconds(ended));

    private static JsonObject Acknowledged(string value, int code, int version)
    {
        var twin = JsonNode.Parse("""{"properties":{"desired":{},"reported":{"climate":{"__t":"c","interval":{}}}}}""")!.AsObject();
        JsonNode answer = twin["properties"]!["reported"]!["climate"]!["interval"]!;
        answer["value"] = value;
        answer["ac"] = code;
        answer["av"] = version;
        return JsonNode.Parse(twin.ToJsonString())!.AsObject();
    }
}
