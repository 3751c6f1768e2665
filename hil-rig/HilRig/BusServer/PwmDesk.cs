using System.Device.Pwm;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace HilRig.BusServer;

/// <summary>
/// The board's PWM channels as all peers share them. A channel has one holder; one that loses its holder goes on as it was told, as the
/// kernel's do when a program dies, until another peer opens it. Safe for use by several threads.
/// </summary>
internal sealed class PwmDesk(IBusProvider buses) : IDisposable
{
    /// <summary>What a duty cycle of 1 is on the wire.</summary>
    private const uint FullDuty = 1_000_000_000;

    private readonly Lock _guard = new();
    private readonly Dictionary<(int Chip, int Channel), Held> _held = [];

    /// <summary><c>u8 chips, u8 channels of each</c>: the end of a greeting.</summary>
    public static void Describe(WireFrame answer) => answer.Byte(EmulatedPwmChips.ChipCount).Byte(EmulatedPwmChips.ChannelCount);

    /// <summary><c>u16 chip, u16 channel, u32 hertz, u32 duty</c>: takes the channel. One that runs goes on running.</summary>
    public void Open(PwmPeer peer, ref WireReader request, WireFrame answer)
    {
        (int, int) place = (request.UInt16(), request.UInt16());
        uint hertz = request.UInt32();
        uint duty = request.UInt32();
        request.End();
        if (!IsAllowed(hertz, duty, answer)) { return; }

        lock (_guard)
        {
            if (_held.TryGetValue(place, out Held? held))
            {
                if (held.Peer is { } other && other != peer && !other.HasLeft)
                {
                    answer.Failure(WireErrno.Busy, $"PWM chip {place.Item1} channel {place.Item2} is held by another program");
                    return;
                }

                held.Peer = peer;
                Try(answer, () => Tell(held.Channel, hertz, duty));
                return;
            }

            Try(answer, () => _held.Add(place, new Held(buses.OpenPwm(place.Item1, place.Item2, (int)hertz, Share(duty))) { Peer = peer }));
        }
    }

    /// <summary><c>u16 chip, u16 channel, u32 hertz, u32 duty, u8 running</c>.</summary>
    public void Set(PwmPeer peer, ref WireReader request, WireFrame answer)
    {
        (int, int) place = (request.UInt16(), request.UInt16());
        uint hertz = request.UInt32();
        uint duty = request.UInt32();
        bool runs = request.Byte() != 0;
        request.End();
        if (!IsAllowed(hertz, duty, answer)) { return; }

        lock (_guard)
        {
            if (!IsHolder(peer, place, answer, out Held? held)) { return; }

            Try(answer, () =>
            {
                Tell(held.Channel, hertz, duty);
                if (runs) { held.Channel.Start(); } else { held.Channel.Stop(); }
            });
        }
    }

    /// <summary><c>u16 chip, u16 channel</c>: stops the channel and gives it back.</summary>
    public void Close(PwmPeer peer, ref WireReader request, WireFrame answer)
    {
        (int, int) place = (request.UInt16(), request.UInt16());
        request.End();
        lock (_guard)
        {
            if (!IsHolder(peer, place, answer, out Held? held)) { return; }

            _held.Remove(place);
            held.Channel.Dispose();
            answer.UInt32(0);
        }
    }

    /// <summary>The peer's connection has ended.</summary>
    public void Leave(PwmPeer peer)
    {
        lock (_guard)
        {
            foreach (Held held in _held.Values.Where(held => held.Peer == peer)) { held.Peer = null; }
        }
    }

    public void Dispose()
    {
        lock (_guard)
        {
            foreach (Held held in _held.Values) { held.Channel.Dispose(); }

            _held.Clear();
        }
    }

    private static double Share(uint duty) => duty / (double)FullDuty;

    private static void Tell(PwmChannel channel, uint hertz, uint duty)
    {
        channel.Frequency = (int)hertz;
        channel.DutyCycle = Share(duty);
    }

    private static bool IsAllowed(uint hertz, uint duty, WireFrame answer)
    {
        bool allowed = hertz is > 0 and <= int.MaxValue && duty <= FullDuty;
        if (!allowed) { answer.Failure(WireErrno.InvalidArgument, $"{hertz} Hz and a duty cycle of {duty} billionths; allowed are 1 Hz and more, and at most {FullDuty}"); }

        return allowed;
    }

    private static void Try(WireFrame answer, Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (BusDesk.IsOfTheWorld(failure))
        {
            answer.Failure(WireErrno.Of(failure), failure.Message);
            return;
        }

        answer.UInt32(0);
    }

    private bool IsHolder(PwmPeer peer, (int Chip, int Channel) place, WireFrame answer, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Held? held)
    {
        bool isHolder = _held.TryGetValue(place, out held) && held.Peer == peer;
        if (!isHolder) { answer.Failure(WireErrno.NotPermitted, $"PWM chip {place.Chip} channel {place.Channel} is not held by this connection"); }

        return isHolder;
    }

    private sealed class Held(PwmChannel channel)
    {
        public PwmChannel Channel { get; } = channel;

        public PwmPeer? Peer { get; set; }
    }
}
