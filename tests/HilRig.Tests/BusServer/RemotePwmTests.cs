using System.Device.Pwm;
using System.Net;
using System.Net.Sockets;
using Node.Sensors.Actuators;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Remote;
using Node.Sensors.Emulation;

namespace HilRig.Tests.BusServer;

/// <summary>PWM channels over the remote bus: who holds them, and what they put out while nobody does.</summary>
public sealed class RemotePwmTests
{
    [Fact]
    public async Task An_output_is_driven_from_its_fail_safe_level_to_its_fail_safe_level()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        EmulatedPwmOutput outside = fixture.Served.Board.Pwm.Output(0, 1);
        var output = new PwmOutput(remote, new PwmOutputOptions { Channel = 1, Frequency = 100, FailSafeLevel = 0.25 });
        PwmSignal opened = outside.Signal;

        output.Drive(0.75);
        PwmSignal driven = outside.Signal;
        double readBack = output.ReadBack();
        output.Dispose();

        Assert.Equal(new PwmSignal(100, 0.25, IsRunning: true), opened);
        Assert.Equal((new PwmSignal(100, 0.75, IsRunning: true), 0.75), (driven, readBack));
        Assert.Equal(new PwmSignal(100, 0.25, IsRunning: false), outside.Signal);
    }

    [Fact]
    public async Task A_channel_has_one_holder_and_an_absent_one_is_told_apart()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider first = fixture.Connect();
        using RemoteBusProvider second = fixture.Connect();
        PwmChannel held = first.OpenPwm(0, 0, 100, 0.5);

        SensorException taken = Assert.Throws<SensorException>(() => second.OpenPwm(0, 0, 100, 0));
        SensorException absent = Assert.Throws<SensorException>(() => second.OpenPwm(9, 0, 100, 0));
        held.Dispose();
        using PwmChannel again = second.OpenPwm(0, 0, 200, 0.1);

        Assert.Contains("held by another program", taken.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", absent.Message, StringComparison.Ordinal);
        Assert.Equal(SensorFault.BusUnavailable, absent.Fault);
    }

    [Fact]
    public async Task After_a_cut_the_channel_goes_on_and_the_next_but_one_change_reaches_it()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        EmulatedPwmOutput outside = fixture.Served.Board.Pwm.Output(0, 0);
        using PwmChannel channel = remote.OpenPwm(0, 0, 100, 0.5);
        channel.Start();

        fixture.Served.CutConnections();
        Assert.Throws<SensorException>(() => channel.DutyCycle = 0.75);
        Assert.Equal(new PwmSignal(100, 0.5, IsRunning: true), outside.Signal);
        Assert.Equal(0.5, channel.DutyCycle);
        channel.DutyCycle = 0.75;

        Assert.Equal(new PwmSignal(100, 0.75, IsRunning: true), outside.Signal);
    }

    [Fact]
    public async Task A_channel_whose_program_died_goes_on_until_another_opens_it()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider killed = fixture.Connect();
        using RemoteBusProvider next = fixture.Connect();
        EmulatedPwmOutput outside = fixture.Served.Board.Pwm.Output(1, 0);
        PwmChannel left = killed.OpenPwm(1, 0, 100, 0.5);
        left.Start();
        fixture.Served.CutConnections();
        Assert.Equal(0.5, outside.MeanLevel);

        using PwmChannel taken = next.OpenPwm(1, 0, 50, 0.125);

        Assert.Equal(new PwmSignal(50, 0.125, IsRunning: true), outside.Signal);
        Assert.Throws<SensorException>(() => left.DutyCycle = 1);
        Assert.Throws<IOException>(() => left.DutyCycle = 1); // it is another program's now
        Assert.Equal(0.125, outside.MeanLevel);
    }

    [Fact]
    public async Task A_broken_output_shows_as_the_kernel_would_show_it()
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        using PwmChannel channel = remote.OpenPwm(0, 2, 100, 0);
        fixture.Served.Board.Pwm.Output(0, 2).IsBroken = true;

        IOException broken = Assert.Throws<IOException>(channel.Start);
        fixture.Served.Board.Pwm.Output(0, 2).IsBroken = false;

        Assert.StartsWith("Error 5 (", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_from_before_pwm_is_told_in_words_and_serves_the_rest_as_ever()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Assert.True(RemoteBusEndpoint.TryParse($"tcp:127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}", out RemoteBusEndpoint? endpoint, out _));
        Task greeting = Task.Run(
            () =>
            {
                using Socket peer = listener.Accept();
                peer.Receive(new byte[100]);
                byte[] body = [0x81, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, .. new byte[16], 1, 1, 0, 0, 54, 0, 4, .. "chip"u8];
                peer.Send([(byte)body.Length, 0, 0, 0, .. body]);
                peer.Receive(new byte[100]);
            },
            TestContext.Current.CancellationToken);
        using var remote = new RemoteBusProvider(new RemoteBusOptions { Endpoint = endpoint }, TimeProvider.System);

        SensorException refused = Assert.Throws<SensorException>(() => remote.OpenPwm(0, 0, 100, 0));
        await greeting;

        Assert.Equal(SensorFault.BusUnavailable, refused.Fault);
        Assert.Contains("has no PWM channels", refused.Message, StringComparison.Ordinal);
    }
}
