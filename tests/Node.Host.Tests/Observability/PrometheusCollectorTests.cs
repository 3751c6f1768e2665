using System.Diagnostics.Metrics;
using Node.Host.Observability;

namespace Node.Host.Tests.Observability;

public sealed class PrometheusCollectorTests
{
    [Fact]
    public void Awkward_names_labels_and_help_are_written_so_that_a_strict_reader_takes_them()
    {
        using var meters = new NodeMeters();
        using var collector = new PrometheusCollector(meters);
        Counter<long> counter = meters.Hub.CreateCounter<long>("9.lives-left", null, "One\\two\nthree \"four\".");

        counter.Add(2, new KeyValuePair<string, object?>("cause:of.death", "a \"quote\", a \\ and a\nline"));
        counter.Add(3, new KeyValuePair<string, object?>("cause:of.death", "a \"quote\", a \\ and a\nline"));

        string text = collector.Write();
        Assert.Equal(5, PrometheusText.Parse(text)[@"_9_lives_left_total{cause_of_death=""a \""quote\"", a \\ and a\nline""}"]);
        Assert.Contains(@"# HELP _9_lives_left_total One\\two\nthree ""four"".", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_duration_becomes_a_histogram_in_seconds_whose_buckets_add_up()
    {
        using var meters = new NodeMeters();
        using var collector = new PrometheusCollector(meters);
        Histogram<double> durations = NodeMeters.Duration(meters.Sensing, "test.duration", "How long.");

        foreach (double seconds in (double[])[0.001, 0.002, 0.6, 600])
        {
            durations.Record(seconds, new KeyValuePair<string, object?>("id", "a"));
        }

        PrometheusText read = PrometheusText.Parse(collector.Write());
        Assert.Equal("histogram", read.Types["test_duration_seconds"]);
        Assert.Equal(1, read["test_duration_seconds_bucket{id=\"a\",le=\"0.001\"}"]);
        Assert.Equal(2, read["test_duration_seconds_bucket{id=\"a\",le=\"0.5\"}"]);
        Assert.Equal(3, read["test_duration_seconds_bucket{id=\"a\",le=\"1\"}"]);
        Assert.Equal(4, read["test_duration_seconds_count{id=\"a\"}"]);
        Assert.Equal(600.603, read["test_duration_seconds_sum{id=\"a\"}"], 6);
    }

    [Fact]
    public void An_observed_series_that_is_gone_does_not_stay()
    {
        using var meters = new NodeMeters();
        using var collector = new PrometheusCollector(meters);
        string id = "a";
        meters.Sensing.CreateObservableGauge("test.value", () => new Measurement<double>(double.NegativeInfinity, new KeyValuePair<string, object?>("id", id)), null, "A value.");

        Assert.Equal(double.NegativeInfinity, PrometheusText.Parse(collector.Write())["test_value{id=\"a\"}"]);
        id = "b";

        Assert.DoesNotContain("test_value{id=\"a\"}", PrometheusText.Parse(collector.Write()).Samples.Keys);
    }

    [Fact]
    public void The_number_of_series_is_bounded()
    {
        using var meters = new NodeMeters();
        using var collector = new PrometheusCollector(meters);
        Counter<long> counter = meters.Hub.CreateCounter<long>("test.many", null, "Many.");

        for (int i = 0; i < PrometheusCollector.MostSeries + 50; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("n", i));
        }

        Assert.Equal(PrometheusCollector.MostSeries, PrometheusText.Parse(collector.Write()).Samples.Keys.Count(series => series.StartsWith("test_many_total", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_node_does_not_see_anothers_instruments()
    {
        using var mine = new NodeMeters();
        using var theirs = new NodeMeters();
        using var collector = new PrometheusCollector(mine);

        NodeMeters.Counter(theirs.Hub, "test.theirs", "Another node's.").Add(1);

        Assert.DoesNotContain("test_theirs", collector.Write(), StringComparison.Ordinal);
    }
}
