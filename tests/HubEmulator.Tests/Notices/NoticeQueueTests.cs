using System.Text.Json.Nodes;
using HubEmulator.Notices;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Notices;

public sealed class NoticeQueueTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly NoticeQueue _queue;

    public NoticeQueueTests() => _queue = new NoticeQueue(_clock);

    [Fact]
    public void Each_notice_goes_to_one_receiver_in_order_and_is_gone_when_completed()
    {
        Append("a", "b");

        NoticeLock first = _queue.TryLock()!;
        NoticeLock second = _queue.TryLock()!;

        Assert.Equal(("a", "b"), (first.Notice.Id, second.Notice.Id));
        Assert.Null(_queue.TryLock());
        Assert.True(_queue.Complete(first.Token));
        Assert.False(_queue.Complete(first.Token));
        Assert.False(_queue.Abandon(first.Token));
    }

    [Fact]
    public void What_is_abandoned_comes_again_before_what_came_later_and_tells_how_often_it_came()
    {
        int raised = 0;
        Append("a", "b");
        NoticeLock first = _queue.TryLock()!;
        _queue.Available += () => raised++;

        Assert.True(_queue.Abandon(first.Token));
        NoticeLock again = _queue.TryLock()!;

        Assert.Equal(("a", 1, 1), (again.Notice.Id, again.EarlierDeliveries, raised));
    }

    [Fact]
    public void A_lock_runs_out_after_a_minute_and_no_longer_settles_anything()
    {
        Append("a");
        NoticeLock first = _queue.TryLock()!;

        _clock.Advance(NoticeQueue.LockTime - TimeSpan.FromSeconds(1));
        _queue.Sweep();
        Assert.Null(_queue.TryLock());
        _clock.Advance(TimeSpan.FromSeconds(1));
        _queue.Sweep();

        Assert.False(_queue.Complete(first.Token));
        Assert.Equal("a", _queue.TryLock()!.Notice.Id);
    }

    [Fact]
    public void A_notice_goes_after_ten_deliveries()
    {
        Append("a");
        for (int delivery = 0; delivery < NoticeQueue.MostDeliveries; delivery++)
        {
            Assert.True(_queue.Abandon(_queue.TryLock()!.Token));
        }

        Assert.Null(_queue.TryLock());
    }

    [Fact]
    public void A_notice_goes_after_an_hour()
    {
        Append("a");

        _clock.Advance(NoticeQueue.Lifetime);

        Assert.Null(_queue.TryLock());
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many_even_when_somebody_has_them()
    {
        Append("a");
        NoticeLock oldest = _queue.TryLock()!;

        Append([.. Enumerable.Range(0, NoticeQueue.Capacity).Select(index => $"n{index}")]);

        Assert.False(_queue.Complete(oldest.Token));
        Assert.Equal("n0", _queue.TryLock()!.Notice.Id);
    }

    [Fact]
    public void Feedback_is_gathered_until_its_time_or_the_number_is_reached()
    {
        var batches = new FeedbackBatches(_queue, TimeSpan.FromSeconds(15), _clock);

        batches.Add(Record("m0"));
        _clock.Advance(TimeSpan.FromSeconds(14));
        batches.Add(Record("m1"));
        batches.Sweep();
        Assert.Null(_queue.TryLock());
        _clock.Advance(TimeSpan.FromSeconds(1));
        batches.Sweep();
        Assert.Equal(["m0", "m1"], IdsOf(_queue.TryLock()!));

        for (int index = 0; index < FeedbackBatches.MostRecords + 1; index++)
        {
            batches.Add(Record($"n{index}"));
        }

        Assert.Equal(FeedbackBatches.MostRecords, IdsOf(_queue.TryLock()!).Count());
        Assert.Null(_queue.TryLock());
    }

    private static IEnumerable<string?> IdsOf(NoticeLock taken) => JsonNode.Parse(taken.Notice.Body)!.AsArray().Select(record => (string?)record!["originalMessageId"]);

    private C2dFeedback Record(string id) => new()
    {
        OriginalMessageId = id,
        EnqueuedTime = _clock.GetUtcNow(),
        Ending = C2dEnding.Success,
        DeviceId = "dev-01",
        DeviceGenerationId = "1",
    };

    private void Append(params string[] ids) => Array.ForEach(ids, id => _queue.Append(new Notice(id, "{}", _clock.GetUtcNow())));
}
