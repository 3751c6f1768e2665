using System.Text;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

/// <summary>The awaitable face on a virtual clock.</summary>
public sealed class TaskTests : IDisposable
{
    private static readonly TelemetryMessage Message = new("hello"u8.ToArray());
    private readonly ClientRig _rig = new();

    [Fact]
    public void A_confirmation_ends_the_task_inside_DoWork()
    {
        _rig.Connect();
        Task<SendConfirmation> sent = _rig.Client.SendEventAsync(Message, cancellationToken: TestContext.Current.CancellationToken);
        int continuedOn = 0;
        _ = sent.ContinueWith(_ => continuedOn = Environment.CurrentManagedThreadId, TestContext.Current.CancellationToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _rig.Client.DoWork();
        _rig.Hub.Confirm(_rig.Hub.Published[0].PacketId);
        Assert.False(sent.IsCompleted);

        _rig.Client.DoWork();

        Assert.True(sent.IsCompletedSuccessfully);
        Assert.Equal(SendConfirmation.Ok, Ended(sent));
        Assert.Equal(Environment.CurrentManagedThreadId, continuedOn);
    }

    [Fact]
    public void A_time_out_ends_the_wait_in_the_turn_that_finds_it_and_the_message_goes_on()
    {
        _rig.Connect();
        Task<SendConfirmation> sent = _rig.Client.SendEventAsync(Message, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.FromSeconds(5), _rig.Client.DoWork().NextDue);
        _rig.Advance(TimeSpan.FromSeconds(4.999));
        Assert.False(sent.IsCompleted);
        _rig.Advance(TimeSpan.FromSeconds(0.001));

        Assert.IsType<TimeoutException>(sent.Exception!.InnerException);
        _rig.Hub.Confirm(_rig.Hub.Published[0].PacketId);
        _rig.Client.DoWork();
        Assert.Equal(SendStatus.Idle, _rig.SendStatus);
    }

    [Fact]
    public void A_time_out_without_end_or_longer_than_any_clock_never_comes()
    {
        _rig.Connect();
        Task<SendConfirmation>[] sent = [.. new[] { Timeout.InfiniteTimeSpan, TimeSpan.MaxValue, TimeSpan.FromDays(1_000_000) }
            .Select(timeout => _rig.Client.SendEventAsync(Message, timeout, TestContext.Current.CancellationToken))];
        _rig.Client.DoWork();
        _rig.Advance(TimeSpan.FromSeconds(100));

        Assert.All(sent, task => Assert.False(task.IsCompleted));
        foreach (ScriptedTransport.SentPublish published in _rig.Hub.Published.ToArray())
        {
            _rig.Hub.Confirm(published.PacketId);
        }

        _rig.Client.DoWork();
        Assert.All(sent, task => Assert.True(task.IsCompletedSuccessfully));
    }

    [Fact]
    public void What_is_sent_after_a_time_out_asks_for_another_turn_at_once()
    {
        _rig.Connect();
        Task<SendConfirmation> sent = _rig.Client.SendEventAsync(Message, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        _ = sent.ContinueWith(_ => _rig.Send("again"), TestContext.Current.CancellationToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _rig.Client.DoWork();

        WorkStatus status = _rig.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.Zero, status.NextDue);
    }

    [Fact]
    public void A_turn_that_waits_for_a_read_allocates_nothing()
    {
        _rig.Connect();
        _ = _rig.Client.GetTwinAsync(cancellationToken: TestContext.Current.CancellationToken);
        _rig.Client.DoWork();
        _rig.Hub.Grant();
        _rig.Client.DoWork();
        _rig.Client.DoWork();

        Assert.Equal(0, Allocated.BytesIn(1_000, () => _rig.Client.DoWork()));
    }

    [Fact]
    public void A_cancellation_ends_the_wait_in_the_next_turn()
    {
        using var cancel = new CancellationTokenSource();
        Task<SendConfirmation> sent = _rig.Client.SendEventAsync(Message, cancellationToken: cancel.Token);

        cancel.Cancel();
        Assert.False(sent.IsCompleted);
        _rig.Client.DoWork();

        Assert.True(sent.IsCanceled);
        Assert.Equal(SendStatus.Busy, _rig.SendStatus);
    }

    [Fact]
    public void A_wait_that_is_cancelled_before_it_begins_sends_nothing()
    {
        Task<SendConfirmation> sent = _rig.Client.SendEventAsync(Message, cancellationToken: new CancellationToken(canceled: true));

        Assert.True(sent.IsCanceled);
        Assert.Equal(SendStatus.Idle, _rig.SendStatus);
    }

    [Fact]
    public void A_refusal_is_an_exception_with_its_result()
    {
        Task<SendConfirmation> sent = _rig.Client.SendEventAsync(new TelemetryMessage(new byte[300_000]), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(IotHubClientResult.InvalidSize, Assert.IsType<HubClientException>(sent.Exception!.InnerException).Result);
    }

    [Fact]
    public void Dispose_ends_every_wait()
    {
        Task<SendConfirmation> sent = _rig.Client.SendEventAsync(Message, cancellationToken: TestContext.Current.CancellationToken);
        Task<int> reported = _rig.Client.SendReportedStateAsync("{}"u8.ToArray(), cancellationToken: TestContext.Current.CancellationToken);
        Task<byte[]> twin = _rig.Client.GetTwinAsync(cancellationToken: TestContext.Current.CancellationToken);

        _rig.Client.Dispose();

        Assert.Equal(SendConfirmation.BecauseDestroy, Ended(sent));
        Assert.Equal(0, Ended(reported));
        Assert.IsType<HubClientException>(twin.Exception!.InnerException);
    }

    [Fact]
    public void A_twin_is_read_and_a_failure_names_its_status()
    {
        Task<byte[]> first = _rig.Client.GetTwinAsync(cancellationToken: TestContext.Current.CancellationToken);
        Task<byte[]> second = _rig.Client.GetTwinAsync(cancellationToken: TestContext.Current.CancellationToken);
        _rig.Connect();
        _rig.Client.DoWork();
        Assert.Equal(["$iothub/twin/GET/?$rid=1", "$iothub/twin/GET/?$rid=2"], _rig.Hub.Published.Select(sent => sent.Topic));

        _rig.Hub.Arrive("$iothub/twin/res/429/?$rid=2", "{\"x\":1}");
        _rig.Hub.Arrive("$iothub/twin/res/200/?$rid=1", "{\"desired\":{}}");
        _rig.Client.DoWork();

        Assert.Equal("{\"desired\":{}}", Encoding.UTF8.GetString(Ended(first)));
        Assert.Contains("429", second.Exception!.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_twin_read_is_asked_again_on_the_next_connection_and_ends_after_60_s()
    {
        Task<byte[]> twin = _rig.Client.GetTwinAsync(cancellationToken: TestContext.Current.CancellationToken);
        _rig.Connect();
        _rig.Advance(TimeSpan.FromSeconds(50));
        _rig.Reconnect();
        _rig.Client.DoWork();
        Assert.Equal(2, _rig.Hub.Published.Count);

        _rig.Advance(TimeSpan.FromSeconds(59));
        Assert.False(twin.IsCompleted);
        _rig.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("408", twin.Exception!.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_reads_at_a_time()
    {
        for (int read = 0; read < 100; read++)
        {
            Assert.Equal(IotHubClientResult.Ok, _rig.Client.GetTwin((_, _, _) => { }));
        }

        Assert.Equal(IotHubClientResult.QueueFull, _rig.Client.GetTwin((_, _, _) => { }));
    }

    [Fact]
    public void A_reported_state_ends_with_the_hubs_status()
    {
        Task<int> reported = _rig.Client.SendReportedStateAsync("{\"a\":1}"u8.ToArray(), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        _rig.Connect();
        _rig.Client.DoWork();
        _rig.Hub.Arrive("$iothub/twin/res/204/?$rid=1&$version=3", "");

        _rig.Client.DoWork();

        Assert.Equal(204, Ended(reported));
    }

    [Fact]
    public void Ended_waits_do_not_pile_up_behind_their_deadlines()
    {
        using var rig = new ClientRig(maximumMessages: 100_000, maximumBytes: 64 << 20, window: 10_000);
        rig.Connect();
        for (int round = 0; round < 20; round++)
        {
            for (int message = 0; message < 1_000; message++)
            {
                _ = rig.Client.SendEventAsync(Message, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
            }

            rig.Client.DoWork();
            rig.Hub.Published.ForEach(sent => rig.Hub.Confirm(sent.PacketId));
            rig.Hub.Published.Clear();
            rig.Client.DoWork();
        }

        Assert.Equal(SendStatus.Idle, rig.SendStatus);
        Assert.InRange(rig.Client.Awaits.HeldDeadlines, 0, 3_000);
    }

    public void Dispose() => _rig.Dispose();

    /// <summary>The result of a task that has ended: the turn that ended it has returned.</summary>
    private static T Ended<T>(Task<T> task)
    {
        Assert.True(task.IsCompletedSuccessfully);
        return task.GetAwaiter().GetResult();
    }
}
