using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Transport;

/// <summary>Sleeping between turns, over loopback. Real time enters as a deadline only.</summary>
public sealed class WaitForWorkTests
{
    private const string Identity = "HostName=hub.localhost;DeviceId=dev1;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_program_that_sleeps_between_turns_loses_no_time_and_turns_rarely()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub);
        Connect(client);
        int confirmed = 0;
        int turns = 0;
        client.SendEvent(new TelemetryMessage(new byte[10]), (_, _) => confirmed++);

        long start = TimeProvider.System.GetTimestamp();
        while (confirmed < 100)
        {
            WorkStatus status = client.DoWork();
            turns++;
            if (confirmed > 0 && client.GetSendStatus(out SendStatus sent) is IotHubClientResult.Ok && sent is SendStatus.Idle)
            {
                client.SendEvent(new TelemetryMessage(new byte[10]), (_, _) => confirmed++);
                continue;
            }

            client.WaitForWork(status.NextDue);
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }

        Assert.InRange(turns, 100, 1_000); // A loop without sleep makes tens of thousands.
    }

    [Fact]
    public async Task Another_threads_message_ends_the_sleep()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub);
        Connect(client);

        Task<bool> sleep = Task.Run(() => client.WaitForWork(Timeout.InfiniteTimeSpan), TestContext.Current.CancellationToken);
        client.SendEvent(new TelemetryMessage(new byte[10]));

        Assert.True(await sleep.WaitAsync(Deadline, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_read_of_the_twin_that_was_asked_for_before_the_sleep_is_not_slept_through()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub);
        Connect(client);
        client.GetTwin((_, _, _) => { });

        Assert.True(client.WaitForWork(Deadline));
    }

    [Fact]
    public async Task A_feature_registered_before_the_sleep_is_not_slept_through()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub);
        Connect(client);
        client.SetDeviceMethodCallback((_, _) => new MethodResponse(200, default));

        Assert.True(client.WaitForWork(Deadline));
    }

    [Fact]
    public async Task A_sleeper_sends_on_as_soon_as_the_network_takes_more()
    {
        await using var hub = new LoopbackHub("hub.localhost") { ReceiveBufferBytes = 4_096 };
        using IotHubClientLL client = Client(hub);
        Connect(client);
        client.Link!.Stream!.Socket.SendBufferSize = 4_096;
        int confirmed = 0;
        for (int message = 0; message < 3; message++)
        {
            client.SendEvent(new TelemetryMessage(new byte[60_000]), (_, _) => confirmed++);
        }

        int slept = 0;
        while (confirmed < 3)
        {
            WorkStatus status = client.DoWork();
            slept += confirmed == 3 || client.WaitForWork(status.NextDue) ? 0 : 1; // Up to 61 s, were nobody told that the socket takes more.
        }

        Assert.Equal(0, slept);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24 * 365)]
    public async Task A_long_sleep_is_taken_and_another_threads_message_ends_it(int hours)
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub);
        Connect(client);

        Task<bool> sleep = Task.Run(() => client.WaitForWork(TimeSpan.FromHours(hours)), TestContext.Current.CancellationToken);
        client.SendEvent(new TelemetryMessage(new byte[10]));

        Assert.True(await sleep.WaitAsync(Deadline, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Dispose_ends_the_sleep()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        IotHubClientLL client = Client(hub);
        Connect(client);

        Task<bool> sleep = Task.Run(() => client.WaitForWork(Timeout.InfiniteTimeSpan), TestContext.Current.CancellationToken);
        client.Dispose();
        await Task.WhenAny(sleep.WaitAsync(Deadline, TestContext.Current.CancellationToken));

        Assert.True(sleep.IsCompleted); // True, or the exception of a client that was disposed before the sleep began.
        Assert.Throws<ObjectDisposedException>(() => client.WaitForWork(TimeSpan.Zero));
        _ = sleep.Exception;
    }

    [Fact]
    public async Task A_connection_that_the_hub_closes_ends_the_sleep()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub);
        Connect(client);

        Task<bool> sleep = Task.Run(() => client.WaitForWork(Timeout.InfiniteTimeSpan), TestContext.Current.CancellationToken);
        hub.Cut();

        Assert.True(await sleep.WaitAsync(Deadline, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Time_that_passes_without_work_is_told()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub);
        Connect(client);

        Assert.False(client.WaitForWork(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void Without_a_connection_it_sleeps_all_the_same()
    {
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString(Identity);

        Assert.False(client.WaitForWork(TimeSpan.FromMilliseconds(1)));
    }

    private static void Connect(IotHubClientLL client)
    {
        bool connected = false;
        client.SetConnectionStatusCallback((change, _) => connected = change.Status is ConnectionStatus.Authenticated);
        long start = TimeProvider.System.GetTimestamp();
        while (!connected)
        {
            WorkStatus status = client.DoWork();
            client.WaitForWork(connected ? TimeSpan.Zero : status.NextDue);
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }

        while (!client.DoWork().IsIdle)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }
    }

    private static IotHubClientLL Client(LoopbackHub hub) =>
        IotHubClientLL.CreateFromConnectionString(Identity, new HubClientOptions { Port = hub.Port, TrustedRootsPem = hub.RootPem });
}
