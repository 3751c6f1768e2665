namespace HubEmulator.Tests.Telemetry;

public sealed class TelemetryLogTests
{
    private readonly TelemetryLog _log = new();

    [Fact]
    public void Repeats_count_as_received_and_not_as_distinct()
    {
        Append("dev-01", "m1", "m2", "m1", null, null);
        Append("dev-02", "m1");

        Assert.Equal(6, _log.Received);
        Assert.Equal(3, _log.DistinctMessageIds);
        Assert.True(_log.DistinctMessageIdsIsExact);
        Assert.Equal([1, 2, 3, 4, 5, 6], _log.Snapshot().Select(message => message.SequenceNumber));
    }

    [Fact]
    public void The_oldest_go_first_and_are_counted()
    {
        for (int number = 1; number <= TelemetryLog.Capacity + 10; number++)
        {
            Append("dev-01", [null]);
        }

        Assert.Equal(TelemetryLog.Capacity + 10, _log.Received);
        Assert.Equal(10, _log.Dropped);
        Assert.Equal(11, _log.Snapshot()[0].SequenceNumber);
        Assert.Equal(11, _log.After(0, 1).Single().SequenceNumber);
        Assert.Equal(21, _log.After(20, 1).Single().SequenceNumber);
        Assert.Empty(_log.After(TelemetryLog.Capacity + 10, 1));
        Assert.Empty(_log.After(long.MaxValue, 1));
    }

    [Fact]
    public async Task A_wait_ends_with_the_first_message_that_fits_kept_or_to_come()
    {
        Append("dev-01", "m1", "m2");

        ReceivedTelemetry kept = await _log.WaitForAsync(message => message.MessageId == "m2", TestContext.Current.CancellationToken);
        Task<ReceivedTelemetry> waiting = _log.WaitForAsync(message => message.MessageId == "m4", TestContext.Current.CancellationToken);
        Task all = _log.WaitUntilAsync(log => log.Received >= 4, TestContext.Current.CancellationToken);
        Append("dev-01", "m3");
        Assert.False(waiting.IsCompleted || all.IsCompleted);
        Append("dev-01", "m4");
        await all;

        Assert.Equal(2, kept.SequenceNumber);
        Assert.Equal(4, (await waiting).SequenceNumber);
    }

    [Fact]
    public async Task A_wait_can_be_given_up()
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<ReceivedTelemetry> waiting = _log.WaitForAsync(_ => true, given.Token);

        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private void Append(string device, params string?[] ids)
    {
        foreach (string? id in ids)
        {
            _log.Append(new ReceivedTelemetry
            {
                DeviceId = device,
                MessageId = id,
                EnqueuedTime = default,
                SystemProperties = new Dictionary<string, string?>(),
                ApplicationProperties = new Dictionary<string, string?>(),
                Annotations = new Dictionary<string, string>(),
            });
        }
    }
}
