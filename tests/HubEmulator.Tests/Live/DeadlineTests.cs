using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Live;

public sealed class DeadlineTests
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task A_client_that_sends_no_CONNECT_is_dropped_after_ten_seconds()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        await using RawConnection slow = await RawConnection.OpenAsync(hub);
        await using TestDevice good = await hub.ConnectAsync();
        await slow.SendAsync(Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken())[..50]);

        Task<byte[]> end = slow.ReceiveToEndAsync();
        await AdvanceUntilAsync(end, TimeSpan.FromSeconds(1), 30);
        await good.PublishAsync("devices/dev-01/messages/events/");

        Assert.Empty(await end);
        Assert.Equal(1, hub.Hub.Telemetry.Received);
    }

    [Fact]
    public async Task Silence_for_one_and_a_half_times_the_keep_alive_ends_a_connection()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        await using RawConnection device = await RawConnection.OpenAsync(hub);
        await device.SendAsync(Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken(), keepAlive: 60));
        Assert.Equal("20020000", Convert.ToHexString(await device.ReceiveAsync(4)));

        _clock.Advance(TimeSpan.FromSeconds(89));
        await device.SendAsync([0xC0, 0x00]); // a PINGREQ restarts the clock
        Assert.Equal("D000", Convert.ToHexString(await device.ReceiveAsync(2)));
        _clock.Advance(TimeSpan.FromSeconds(89));
        await device.SendAsync([0xC0, 0x00]);
        Assert.Equal("D000", Convert.ToHexString(await device.ReceiveAsync(2)));
        Task<byte[]> end = device.ReceiveToEndAsync();
        _clock.Advance(TimeSpan.FromSeconds(92));

        Assert.Empty(await end);
    }

    [Fact]
    public async Task A_registering_device_has_its_keep_alive_and_outlives_its_token()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options with { TimeProvider = _clock });
        string token = Registrar.Token(hub, Registrar.Id, Registrar.DerivedKey, expires: _clock.GetUtcNow().AddMinutes(5));
        await using RawConnection device = await RawConnection.OpenAsync(hub);
        await device.SendAsync(Packets.Connect(hub.Hub.HostName, Registrar.Id, token, userName: $"{hub.Hub.IdScope}/registrations/sn-007/api-version=2019-03-31", keepAlive: 1000));
        Assert.Equal("20020000", Convert.ToHexString(await device.ReceiveAsync(4)));

        _clock.Advance(TimeSpan.FromMinutes(20));
        await device.SendAsync([0xC0, 0x00]);
        Assert.Equal("D000", Convert.ToHexString(await device.ReceiveAsync(2)));
        Task<byte[]> end = device.ReceiveToEndAsync();
        _clock.Advance(TimeSpan.FromSeconds(1502));

        Assert.Empty(await end);
    }

    [Fact]
    public async Task A_token_that_runs_out_ends_the_connection_ten_minutes_later()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        await using RawConnection device = await RawConnection.OpenAsync(hub);
        await device.SendAsync(Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken(lifetime: TimeSpan.FromMinutes(5)), keepAlive: 0));
        Assert.Equal("20020000", Convert.ToHexString(await device.ReceiveAsync(4)));

        _clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(2));
        await device.SendAsync([0xC0, 0x00]);
        Assert.Equal("D000", Convert.ToHexString(await device.ReceiveAsync(2)));
        Task<byte[]> end = device.ReceiveToEndAsync();
        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Empty(await end);
    }

    [Fact]
    public async Task Another_protocol_level_is_answered_with_return_code_1()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await RawConnection.OpenAsync(hub);

        await device.SendAsync(Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken(), level: 5));

        Assert.Equal("20020001", Convert.ToHexString(await device.ReceiveToEndAsync()));
    }

    [Theory]
    [InlineData("C000")] // PINGREQ
    [InlineData("E000")] // DISCONNECT
    [InlineData("82170001001224696F746875622F7477696E2F7265732F2300")] // SUBSCRIBE
    public async Task A_first_packet_that_is_no_CONNECT_is_closed_without_an_answer(string hex)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await RawConnection.OpenAsync(hub);

        await device.SendAsync(Convert.FromHexString(hex));

        Assert.Empty(await device.ReceiveToEndAsync());
    }

    [Fact]
    public async Task A_second_CONNECT_ends_the_connection()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await RawConnection.OpenAsync(hub);
        byte[] connect = Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken());

        await device.SendAsync(connect);
        await device.ReceiveAsync(4);
        await device.SendAsync(connect);

        Assert.Empty(await device.ReceiveToEndAsync());
    }

    [Fact]
    public async Task Acknowledgements_come_in_the_order_of_the_messages_however_many_are_sent_at_once()
    {
        const int Count = 2000;
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await RawConnection.OpenAsync(hub);
        await device.SendAsync(Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken()));
        await device.ReceiveAsync(4);

        byte[] burst = [.. Enumerable.Range(1, Count).SelectMany(id => Packets.Publish((ushort)id, $"devices/dev-01/messages/events/%24.mid={id}", [1]))];
        Task sending = device.SendAsync(burst);
        byte[] answers = await device.ReceiveAsync(4 * Count);
        await sending;

        byte[] expected = [.. Enumerable.Range(1, Count).SelectMany(id => new byte[] { 0x40, 0x02, (byte)(id >> 8), (byte)id })];
        Assert.Equal(expected, answers);
        Assert.Equal(Count, hub.Hub.Telemetry.DistinctMessageIds);
    }

    private async Task AdvanceUntilAsync(Task done, TimeSpan step, int most)
    {
        for (int steps = 0; steps < most && !done.IsCompleted; steps++)
        {
            _clock.Advance(step);
            await Task.WhenAny(done, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken));
        }
    }
}
