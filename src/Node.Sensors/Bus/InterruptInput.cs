using System.Device.Gpio;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>
/// A pin to which a chip's interrupt output is wired. It only shortens a wait: whoever waits also has a limit and then asks the chip itself,
/// so that a missed edge costs time and never a reading. Owns the pin, not the controller.
/// </summary>
internal sealed class InterruptInput : IDisposable
{
    private readonly GpioController _gpio;
    private readonly int _pin;
    private volatile TaskCompletionSource _edge = NewEdge();

    /// <summary>Opens the pin and listens.</summary>
    /// <exception cref="SensorException">The pin is taken or cannot be had (<see cref="SensorFault.BusUnavailable"/>).</exception>
    public InterruptInput(GpioController gpio, int pin, PinMode mode, PinEventTypes edge)
    {
        _gpio = gpio;
        _pin = pin;
        if (gpio.IsPinOpen(pin)) { throw Taken(pin, null); } // the controller would share it silently

        try
        {
            gpio.OpenPin(pin, mode);
            gpio.RegisterCallbackForPinValueChangedEvent(pin, edge, OnEdge);
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            throw Taken(pin, failure);
        }
    }

    /// <summary>Forgets earlier edges. Call it just before the command whose end the edge will tell.</summary>
    public void Arm() => _edge = NewEdge();

    /// <summary>Waits for an edge since <see cref="Arm"/>.</summary>
    /// <returns><see langword="false"/> when none came within the limit.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Task edge = _edge.Task;
        try
        {
            await edge.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return edge.IsCompleted; // the edge may have come just before the limit, with its continuation still on its way
        }
    }

    /// <summary>Stops listening and closes the pin.</summary>
    public void Dispose()
    {
        if (!_gpio.IsPinOpen(_pin)) { return; }

        _gpio.UnregisterCallbackForPinValueChangedEvent(_pin, OnEdge);
        _gpio.ClosePin(_pin);
    }

    /// <summary>The wait goes on elsewhere: the library's thread must not run a driver.</summary>
    private static TaskCompletionSource NewEdge() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static SensorException Taken(int pin, Exception? failure) => new(SensorFault.BusUnavailable, string.Create(CultureInfo.InvariantCulture,
        $"GPIO{pin}: cannot be used as interrupt input: give the interrupt line a pin that nothing else uses."), failure);

    private void OnEdge(object sender, PinValueChangedEventArgs edge) => _edge.TrySetResult();
}
