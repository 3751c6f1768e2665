using HubEmulator.Events;

namespace HubEmulator.Tests.Events;

public sealed class EventPartitionTests
{
    [Theory]
    [InlineData("amqp.annotation.x-opt-offset > '-1'", 0)]
    [InlineData("amqp.annotation.x-opt-offset > '@latest'", 5)]
    [InlineData("amqp.annotation.x-opt-offset > '65'", 2)]
    [InlineData("amqp.annotation.x-opt-offset >= '65'", 1)]
    [InlineData("amqp.annotation.x-opt-sequence-number > '2'", 3)]
    [InlineData("amqp.annotation.x-opt-sequence-number >= '2'", 2)]
    [InlineData("amqp.annotation.x-opt-sequence-number > '900'", 5)]
    [InlineData("amqp.annotation.x-opt-enqueued-time > '2000'", 3)]
    [InlineData("amqp.annotation.x-opt-enqueued-time >= '2000'", 2)]
    [InlineData("amqp.annotation.x-opt-enqueuedtimeutc > 2500", 3)]
    public void A_reader_begins_where_its_expression_says(string expression, long sequenceNumber)
    {
        EventPartition partition = WithFive();

        Assert.True(EventPosition.TryParse(expression, out EventPosition position));
        Assert.Equal(sequenceNumber, partition.Find(position));
    }

    [Theory]
    [InlineData("")]
    [InlineData("amqp.annotation.x-opt-offset")]
    [InlineData("amqp.annotation.x-opt-offset > 'x'")]
    [InlineData("amqp.annotation.x-opt-offset < '1'")]
    [InlineData("amqp.annotation.x-opt-sequence-number > '@latest'")]
    [InlineData("amqp.annotation.x-opt-sequence-number > '99999999999999999999'")]
    [InlineData("amqp.annotation.x-opt-unknown > '1'")]
    [InlineData("amqp.annotation.x-opt-offset > '1' OR 1 = 1")]
    public void Other_expressions_are_refused(string expression)
    {
        Assert.False(EventPosition.TryParse(expression, out _));
    }

    [Fact]
    public void Sequence_numbers_have_no_gaps_and_offsets_grow()
    {
        EventPartition partition = WithFive();

        StreamedEvent[] all = [.. Enumerable.Range(0, 5).Select(sequence => partition.Read(sequence)!)];

        Assert.Equal([0, 1, 2, 3, 4], all.Select(one => one.SequenceNumber));
        Assert.Equal([0, 65, 130, 195, 260], all.Select(one => one.Offset));
        Assert.Null(partition.Read(5));
        Assert.Equal(new PartitionState(0, all[4]), partition.State);
        Assert.Equal(new PartitionState(0, null), new EventPartition("0").State);
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many_and_a_reader_behind_goes_on_with_what_is_left()
    {
        var partition = new EventPartition("0");
        for (int index = 0; index < EventPartition.Capacity + 10; index++)
        {
            partition.Append(Message(index, 1));
        }

        Assert.Equal(10, partition.State.FirstSequenceNumber);
        Assert.Equal(10, partition.Read(3)!.SequenceNumber);
        Assert.Equal(10, partition.Find(EventPosition.Earliest));
        Assert.Equal(EventPartition.Capacity + 9, partition.State.Last!.SequenceNumber);
    }

    [Fact]
    public void The_oldest_go_when_they_are_too_large_together_but_never_the_newest()
    {
        var partition = new EventPartition("0");
        byte[] large = new byte[EventPartition.CapacityBytes / 2];
        partition.Append(Message(0, 1));
        partition.Append(Message(0, 1) with { Body = large });
        partition.Append(Message(0, 1) with { Body = large });

        Assert.Equal(1, partition.State.FirstSequenceNumber);

        partition.Append(Message(0, 1) with { Body = new byte[EventPartition.CapacityBytes + 1] });

        Assert.Equal(3, partition.State.FirstSequenceNumber);
    }

    [Fact]
    public void A_device_keeps_its_partition_and_devices_spread_over_all()
    {
        var stream = new EventStream(4, DateTimeOffset.UnixEpoch);

        string[] partitions = [.. Enumerable.Range(0, 100).Select(index => stream.PartitionOf($"dev-{index:D2}").Id)];

        Assert.Equal(["0", "1", "2", "3"], partitions.Distinct().Order());
        Assert.Equal(partitions, Enumerable.Range(0, 100).Select(index => new EventStream(4, DateTimeOffset.UnixEpoch).PartitionOf($"dev-{index:D2}").Id));
        Assert.Equal("0", stream.PartitionOf("dev-01").Id); // FNV-1a of the id, so that it is the same in every version
    }

    [Fact]
    public void An_owner_level_puts_out_lower_ones_and_keeps_others_out()
    {
        var seats = new ReaderSeats<string>();

        Assert.Equal(SeatVerdict.Seated, seats.TryTake("a", null, out _));
        Assert.Equal(SeatVerdict.Seated, seats.TryTake("b", 3, out IReadOnlyList<string> first));
        Assert.Equal(SeatVerdict.Owned, seats.TryTake("c", null, out _));
        Assert.Equal(SeatVerdict.Owned, seats.TryTake("d", 2, out _));
        Assert.Equal(SeatVerdict.Seated, seats.TryTake("e", 3, out IReadOnlyList<string> second));
        seats.Leave("b"); // was put out before
        Assert.Equal(SeatVerdict.Owned, seats.TryTake("f", null, out _));
        seats.Leave("e");
        Assert.All(Enumerable.Range(0, 5), index => Assert.Equal(SeatVerdict.Seated, seats.TryTake($"g{index}", null, out _)));
        Assert.Equal(SeatVerdict.Full, seats.TryTake("h", null, out _));
        Assert.Equal(["a"], first);
        Assert.Equal(["b"], second);
    }

    private static EventPartition WithFive()
    {
        var partition = new EventPartition("0");
        for (int index = 0; index < 5; index++)
        {
            partition.Append(Message(index * 1000, 1));
        }

        return partition;
    }

    private static ReceivedTelemetry Message(long milliseconds, int length) => new()
    {
        DeviceId = "dev-01",
        EnqueuedTime = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
        SystemProperties = new Dictionary<string, string?>(),
        ApplicationProperties = new Dictionary<string, string?>(),
        Annotations = new Dictionary<string, string>(),
        Body = new byte[length],
    };
}
