using HubEmulator.Mqtt;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;

namespace HubEmulator.Tests.Mqtt;

public sealed class LatePacketsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<MqttPacket> _released = [];

    [Fact]
    public void Packets_leave_when_they_are_due_and_none_overtakes_the_one_before_it()
    {
        using var late = new LatePackets(new Lock(), _clock, _released.Add);
        MqttPacket[] packets = [new MqttPubAckPacket(), new MqttPubAckPacket(), new MqttPubAckPacket()];

        late.Hold(packets[0], TimeSpan.FromSeconds(2));
        late.Hold(packets[1], TimeSpan.FromSeconds(1)); // due with the first
        late.Hold(packets[2], TimeSpan.FromSeconds(3));
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Empty(_released);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(packets[..2], _released);
        Assert.False(late.IsEmpty);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(packets, _released);
        Assert.True(late.IsEmpty);
    }

    [Fact]
    public void When_too_many_are_held_the_oldest_leave_early()
    {
        using var late = new LatePackets(new Lock(), _clock, _released.Add);
        var first = new MqttPubAckPacket();
        late.Hold(first, TimeSpan.FromSeconds(60));

        for (int count = 0; count < LatePackets.MostHeld; count++)
        {
            late.Hold(new MqttPubAckPacket(), TimeSpan.FromSeconds(60));
        }

        Assert.Equal([first], _released);
    }
}
