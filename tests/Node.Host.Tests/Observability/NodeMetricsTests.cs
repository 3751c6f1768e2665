using Node.Host.Composition;
using Node.Host.Observability;
using Node.Host.Tests.TestKit;
using Node.HubClient;
using Node.Sensors.Bus;

namespace Node.Host.Tests.Observability;

public sealed class NodeMetricsTests : IDisposable
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private readonly TestNode _node = new();
    private readonly PrometheusCollector _collector;

    public NodeMetricsTests()
    {
        _collector = new PrometheusCollector(_node.Meters);
        _ = new NodeGauges(
            _node.Meters, new NodeIdentity("boot1", "0.1.0"), _node.Options, _node.Clock, _node.Spool, _node.Readings, _node.Sensors, _node.Actuators, _node.Loop);
    }

    public void Dispose()
    {
        _collector.Dispose();
        _node.Dispose();
    }

    [Fact]
    public async Task Readings_move_the_counters_of_sensors_and_spool()
    {
        await _node.SampleAsync(Cancelled);
        _node.Chips["climate"].Failure = new SensorException(SensorFault.Timeout, "hangs");
        await _node.SampleAsync(Cancelled);

        PrometheusText read = Read();
        Assert.Equal(2, read["sensornode_sensor_gather_duration_seconds_count{id=\"climate\"}"]);
        Assert.Equal(1, read["sensornode_sensor_gather_errors_total{id=\"climate\"}"]);
        Assert.Equal(1, read["sensornode_sensor_gather_timeouts_total{id=\"climate\"}"]);
        Assert.Equal(21.5, read["sensornode_sensor_value{id=\"climate\",name=\"temperature\",unit=\"degreeCelsius\"}"]);
        Assert.Equal(1, read["sensornode_sensor_failed{id=\"climate\"}"]);
        Assert.Equal(1, read["sensornode_readings_total"]);
        Assert.Equal((1, 1), (read["sensornode_spool_depth"], read["sensornode_spool_appended_total"]));
        Assert.True(read["sensornode_spool_size_bytes"] > 0 && read["sensornode_spool_commits_total"] > 0);
        Assert.Equal("gauge", read.Types["sensornode_spool_limit_bytes"]);
    }

    [Fact]
    public async Task The_oldest_readings_age_and_every_cause_of_a_drop_are_shown()
    {
        await _node.SampleAsync(Cancelled);
        _node.Time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(180, Read()["sensornode_spool_oldest_age_seconds"], 3);
        await _node.Spool.PurgeAsync(_ => true, Cancelled);

        PrometheusText read = Read();
        Assert.Equal(1, read["sensornode_spool_dropped_total{reason=\"purge\"}"]);
        Assert.All((string[])["capacity", "age", "thinning", "corruption", "not_stored", "too_large"],
            reason => Assert.Equal(0, read[$"sensornode_spool_dropped_total{{reason=\"{reason}\"}}"]));
    }

    [Fact]
    public async Task What_goes_to_the_hub_is_counted_and_timed()
    {
        _node.Connect();
        await _node.SampleAsync(Cancelled);
        _node.Loop.Turn();
        _node.Time.Advance(TimeSpan.FromSeconds(2));
        _node.Client.EndTelemetry(SendConfirmation.MessageTimeout);
        _node.Loop.Turn();
        _node.Time.Advance(TimeSpan.FromSeconds(0.2));
        _node.Client.EndTelemetry(SendConfirmation.Ok);
        _node.Loop.Turn();
        _node.StoreReported();

        PrometheusText read = Read();
        Assert.Equal((2, 1, 1), (read["sensornode_hub_messages_sent_total"], read["sensornode_hub_messages_confirmed_total"], read["sensornode_hub_messages_retried_total"]));
        Assert.Equal((1, 0.2), (read["sensornode_hub_send_duration_seconds_count"], read["sensornode_hub_send_duration_seconds_sum"]));
        Assert.True(read["sensornode_hub_reported_properties_total{status=\"204\"}"] > 0);
        Assert.True(read["sensornode_hub_turns_total"] > 3);
        Assert.Equal(1, read["sensornode_spool_confirmed_total"]);
    }

    [Fact]
    public async Task What_was_under_way_when_the_connection_broke_is_counted_as_repeated_once_for_each_break()
    {
        _node.Connect();
        await _node.SampleAsync(Cancelled);
        _node.Loop.Turn();
        _node.Client.Disconnect();
        _node.Loop.Turn();
        _node.Client.Disconnect(); // An attempt that fails repeats nothing.
        _node.Loop.Turn();
        double broken = Read()["sensornode_hub_messages_retried_total"];
        _node.Connect();
        _node.Client.EndTelemetry(SendConfirmation.Ok);
        _node.Loop.Turn();
        _node.Client.Disconnect();
        _node.Loop.Turn();

        Assert.Equal((1, 1), (broken, Read()["sensornode_hub_messages_retried_total"]));
    }

    [Fact]
    public void An_outage_is_counted_with_its_reason_and_its_length()
    {
        _node.Time.Advance(TimeSpan.FromSeconds(5));
        _node.Connect();
        Assert.Equal((1, 5), (Read()["sensornode_hub_connected"], Read()["sensornode_hub_offline_duration_seconds_total"]));

        _node.Client.Disconnect();
        _node.Loop.Turn();
        _node.Time.Advance(TimeSpan.FromSeconds(30));

        PrometheusText read = Read();
        Assert.Equal((0, 35, 1), (read["sensornode_hub_connected"], read["sensornode_hub_offline_duration_seconds_total"], read["sensornode_hub_offline_total"]));
        Assert.Equal(1, read["sensornode_hub_connect_failures_total{reason=\"NoNetwork\"}"]);
    }

    [Fact]
    public void Methods_are_counted_by_status_and_actuators_shown()
    {
        _node.Connect();
        _node.Client.Call("led*setState", "\"on\"");
        _node.Client.Call("nothing", "");

        PrometheusText read = Read();
        Assert.Equal((1, 1), (read["sensornode_hub_methods_total{status=\"200\"}"], read["sensornode_hub_methods_total{status=\"404\"}"]));
        Assert.Equal((1, 0), (read["sensornode_actuator_on{id=\"led\"}"], read["sensornode_actuator_failed{id=\"led\"}"]));
    }

    [Fact]
    public void Process_and_runtime_are_there_too()
    {
        PrometheusText read = Read();

        Assert.Equal(1, read.Samples.Single(series => series.Key.StartsWith("sensornode_info{version=\"0.1.0\",boot=\"boot1\",device=\"pi1\",arch=", StringComparison.Ordinal)).Value);
        Assert.True(read["process_resident_memory_bytes"] > 1_000_000);
        Assert.True(read["process_cpu_seconds_total"] > 0);
        Assert.Contains(read.Samples.Keys, series => series.StartsWith("dotnet_", StringComparison.Ordinal));
    }

    private PrometheusText Read() => PrometheusText.Parse(_collector.Write());
}
