using System.Device.Pwm;
using System.Globalization;

namespace Node.Sensors.Bus.Remote;

/// <summary>
/// One PWM channel in another process, over a connection of its own. While the connection is lost the channel goes on as it was told; the
/// next change connects anew and opens it again as it was. Safe for use by several threads.
/// </summary>
internal sealed class RemotePwmChannel : PwmChannel
{
    /// <summary>What a duty cycle of 1 is on the wire.</summary>
    private const double FullDuty = 1_000_000_000;

    private readonly Lock _gate = new();
    private readonly RemoteLink _link;
    private readonly int _chip;
    private readonly int _channel;
    private State _state;
    private bool _isOpen;
    private bool _disposed;

    private RemotePwmChannel(RemoteBusOptions options, int chip, int channel, State state)
    {
        _chip = chip;
        _channel = channel;
        _state = state;
        _link = new RemoteLink(options) { Connected = OpenAgain };
    }

    public override int Frequency
    {
        get => _state.Frequency;
        set => Change(_state with { Frequency = Checked(value) });
    }

    public override double DutyCycle
    {
        get => _state.DutyCycle;
        set => Change(_state with { DutyCycle = Checked(value) });
    }

    private string Place => string.Create(CultureInfo.InvariantCulture, $"at PWM chip {_chip} channel {_channel}");

    /// <exception cref="SensorException">The channel does not exist, is held by another program, or the other end cannot be reached.</exception>
    public static RemotePwmChannel Open(RemoteBusOptions options, int chip, int channel, int frequency, double dutyCycle)
    {
        RemotePwmChannel opened = new(options, chip, channel, new State(Checked(frequency), Checked(dutyCycle), IsRunning: false));
        try
        {
            (int errno, string text) = opened.RequestOpen();
            if (errno != 0) { throw new SensorException(SensorFault.BusUnavailable, $"remote bus {options.Endpoint}: {text} (errno {errno})."); }

            opened._isOpen = true;
            return opened;
        }
        catch (RemoteLinkException failure)
        {
            opened._link.Dispose();
            throw RemoteBusError.Link(failure);
        }
        catch
        {
            opened._link.Dispose();
            throw;
        }
    }

    public override void Start() => Change(_state with { IsRunning = true });

    public override void Stop() => Change(_state with { IsRunning = false });

    /// <summary>Stops the channel and gives it back. One that cannot be reached goes on, and is free for the next that asks.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (_disposed) { return; }

            _disposed = true;
            try
            {
                _link.Request(RemoteFrameKind.PwmClose, frame => frame.Word(_chip).Word(_channel));
            }
            catch (RemoteLinkException)
            {
                _isOpen = false; // the other end takes it from whoever leaves
            }
            finally
            {
                _link.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private static int Checked(int frequency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        return frequency;
    }

    private static double Checked(double dutyCycle)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dutyCycle);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dutyCycle, 1);
        return dutyCycle;
    }

    private void Change(State state)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                (int errno, string text) = RequestSet(state);
                if (errno != 0) { throw RemoteBusError.Transfer(errno, Place, text); }
            }
            catch (RemoteLinkException failure)
            {
                throw RemoteBusError.Link(failure);
            }

            _state = state;
        }
    }

    /// <summary>Called by the link with a fresh connection. What another program has meanwhile shows at the change that follows.</summary>
    private void OpenAgain()
    {
        if (_isOpen && !_disposed && RequestOpen().Errno == 0) { RequestSet(_state); }
    }

    private (int Errno, string Text) RequestOpen() => _link.Request(RemoteFrameKind.PwmOpen, frame => Describe(frame, _state));

    private (int Errno, string Text) RequestSet(State state) =>
        _link.Request(RemoteFrameKind.PwmSet, frame => Describe(frame, state).Byte(state.IsRunning ? (byte)1 : (byte)0));

    private RemoteFrame Describe(RemoteFrame frame, State state) =>
        frame.Word(_chip).Word(_channel).DoubleWord(state.Frequency).DoubleWord((int)Math.Round(state.DutyCycle * FullDuty));

    private readonly record struct State(int Frequency, double DutyCycle, bool IsRunning);
}
