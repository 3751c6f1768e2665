using HubEmulator.Mqtt;

namespace HubEmulator.Tests.Mqtt;

public sealed class DeviceDeadlinesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(60, 90, (int)CloseReason.None)]
    [InlineData(60, 91, (int)CloseReason.KeepAliveTimeout)]
    [InlineData(1177, 1765, (int)CloseReason.None)]
    [InlineData(1177, 1766, (int)CloseReason.KeepAliveTimeout)]
    [InlineData(65535, 1767, (int)CloseReason.None)]
    [InlineData(65535, 1768, (int)CloseReason.KeepAliveTimeout)]
    [InlineData(0, 1767, (int)CloseReason.None)]
    [InlineData(0, 1768, (int)CloseReason.KeepAliveTimeout)]
    public void Silence_is_measured_against_the_keep_alive_and_its_cap(int keepAlive, int idleSeconds, int expected) =>
        Assert.Equal((CloseReason)expected, DeviceDeadlines.Check(TimeSpan.FromSeconds(idleSeconds), (ushort)keepAlive, Now.AddDays(1), Now));

    [Theory]
    [InlineData(600, (int)CloseReason.None)]
    [InlineData(601, (int)CloseReason.TokenExpired)]
    public void A_connection_outlives_its_token_by_ten_minutes(int secondsLate, int expected) =>
        Assert.Equal((CloseReason)expected, DeviceDeadlines.Check(TimeSpan.Zero, 0, Now.AddSeconds(-secondsLate), Now));

    [Theory]
    [InlineData(10, (int)CloseReason.None)]
    [InlineData(11, (int)CloseReason.ConnectTimeout)]
    public void A_connection_without_CONNECT_has_ten_seconds(int idleSeconds, int expected) =>
        Assert.Equal((CloseReason)expected, DeviceDeadlines.CheckUnconnected(TimeSpan.FromSeconds(idleSeconds)));
}
