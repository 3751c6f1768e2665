using System.Collections.Concurrent;
using System.Device.Gpio;

namespace Node.Sensors.Bus.Gpio;

/// <summary>
/// The pins that a GPIO driver has opened, and who listens to each: what such a driver keeps wherever its pins are. Safe for use by several threads.
/// </summary>
/// <typeparam name="TPin">What the driver knows of an open pin.</typeparam>
internal sealed class OpenPins<TPin>
    where TPin : class
{
    private readonly ConcurrentDictionary<int, (TPin Pin, EdgeListeners Listeners)> _open = new();

    public IEnumerable<int> Numbers => _open.Keys;

    /// <summary>Every open pin at this instant.</summary>
    public IEnumerable<(int Number, TPin Pin)> All => _open.Select(static open => (open.Key, open.Value.Pin));

    /// <summary>The modes that every pin of the header has.</summary>
    public static bool IsModeSupported(PinMode mode) => mode is PinMode.Input or PinMode.Output or PinMode.InputPullDown or PinMode.InputPullUp;

    public bool Contains(int number) => _open.ContainsKey(number);

    public void Add(int number, TPin pin) => _open[number] = (pin, new EdgeListeners(number));

    /// <returns><see langword="null"/> when the pin is not open.</returns>
    public TPin? Remove(int number) => _open.TryRemove(number, out (TPin Pin, EdgeListeners) open) ? open.Pin : null;

    /// <exception cref="InvalidOperationException">The pin is not open.</exception>
    public TPin Require(int number) => _open.TryGetValue(number, out (TPin Pin, EdgeListeners) open) ? open.Pin : throw NotOpen(number);

    /// <exception cref="InvalidOperationException">The pin is not open.</exception>
    public EdgeListeners ListenersOf(int number) => TryListenersOf(number) ?? throw NotOpen(number);

    /// <returns><see langword="null"/> when the pin is not open.</returns>
    public EdgeListeners? TryListenersOf(int number) => _open.TryGetValue(number, out (TPin, EdgeListeners Listeners) open) ? open.Listeners : null;

    /// <exception cref="InvalidOperationException">The pin is not open, or has no such callback.</exception>
    public void RemoveListener(int number, PinChangeEventHandler callback)
    {
        if (!ListenersOf(number).Remove(callback)) { throw new InvalidOperationException($"Pin {number} has no such callback."); }
    }

    /// <summary>Waits for one edge of the wanted kind that happens after the call began.</summary>
    /// <param name="number">The pin.</param>
    /// <param name="wanted">Rising, falling or both.</param>
    /// <param name="listen">Adds a callback, as the driver does.</param>
    /// <param name="stop">Removes a callback from a pin that is still open, as the driver does.</param>
    /// <param name="cancellationToken">Ends the wait without an edge.</param>
    public async ValueTask<WaitForEventResult> WaitAsync(
        int number, PinEventTypes wanted, Action<int, PinEventTypes, PinChangeEventHandler> listen, Action<int, PinChangeEventHandler> stop, CancellationToken cancellationToken)
    {
        TaskCompletionSource<PinEventTypes> happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Remember(object sender, PinValueChangedEventArgs edge) => happened.TrySetResult(edge.ChangeType);
        listen(number, wanted, Remember);
        try
        {
            await using CancellationTokenRegistration cancelled = cancellationToken.Register(() => happened.TrySetResult(PinEventTypes.None));
            PinEventTypes kind = await happened.Task;
            return new WaitForEventResult { EventTypes = kind, TimedOut = kind == PinEventTypes.None };
        }
        finally
        {
            if (Contains(number)) { stop(number, Remember); }
        }
    }

    private static InvalidOperationException NotOpen(int number) => new($"Pin {number} is not open.");
}
