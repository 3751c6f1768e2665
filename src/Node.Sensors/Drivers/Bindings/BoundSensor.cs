using System.Device.I2c;
using System.Device.Spi;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// A driver of Iot.Device.Bindings behind the sensor seam. Those drivers begin to transfer when they are constructed and know no second
/// start, so each start makes a new one, and any failure leads to a new start.
/// </summary>
internal sealed class BoundSensor<TDriver>(
    SensorChip chip, IReadOnlyList<Quantity> quantities, string place, Func<TDriver> start, Func<TDriver, CancellationToken, ValueTask<double[]>> read) : ISensor
    where TDriver : class, IDisposable
{
    private TDriver? _driver;

    public string Chip => chip.Name;

    public IReadOnlyList<Quantity> Quantities => quantities;

    public Task InitializeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Stop();
        Guard(() => _driver = start());
        return Task.CompletedTask;
    }

    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (_driver is null) { await InitializeAsync(cancellationToken); }

        double[] values;
        Errno.Clear();
        try
        {
            values = await read(_driver!, cancellationToken);
        }
        catch (Exception failure) when (failure is not (SensorException or OperationCanceledException))
        {
            Stop();
            throw Translate(failure);
        }

        return new SensorReading([.. quantities.Zip(values, (quantity, value) => quantity.Checked(value, place, Chip))]);
    }

    public void Dispose() => Stop();

    private void Stop()
    {
        try
        {
            _driver?.Dispose(); // some talk to the chip once more
        }
        catch (IOException)
        {
            // A chip that is gone needs no farewell.
        }

        _driver = null;
    }

    private void Guard(Action action)
    {
        Errno.Clear();
        try
        {
            action();
        }
        catch (Exception failure) when (failure is not (SensorException or OperationCanceledException))
        {
            throw Translate(failure);
        }
    }

    /// <summary>An errno means the bus; anything else is what the driver says of the chip.</summary>
    private SensorException Translate(Exception failure) => failure is IOException transfer && Errno.Of(transfer) != 0
        ? chip.Bus == SensorBus.Spi ? Errno.DuringSpiTransfer(transfer, place) : Errno.DuringTransfer(transfer, place)
        : new SensorException(SensorFault.BusFailure, $"{place}: the {Chip}'s driver of Iot.Device.Bindings failed: {failure.Message}", failure);
}

/// <summary>Makes sensors with the place of their bus.</summary>
internal static class BoundSensor
{
    public static ISensor OnI2c<TDriver>(
        SensorChip chip, IReadOnlyList<Quantity> quantities, IBusProvider buses, SensorConnection connection,
        Func<I2cDevice, TDriver> start, Func<TDriver, CancellationToken, ValueTask<double[]>> read)
        where TDriver : class, IDisposable
    {
        int address = connection.Address ?? chip.Addresses[0];
        return new BoundSensor<TDriver>(chip, quantities, I2cAddress.Place(connection.BusId, address), () => Start(buses.OpenI2c(connection.BusId, address), start), read);
    }

    public static ISensor OnSpi<TDriver>(
        SensorChip chip, IReadOnlyList<Quantity> quantities, IBusProvider buses, SpiConnectionSettings settings,
        Func<SpiDevice, TDriver> start, Func<TDriver, CancellationToken, ValueTask<double[]>> read)
        where TDriver : class, IDisposable
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"SPI bus {settings.BusId} chip select {settings.ChipSelectLine}");
        return new BoundSensor<TDriver>(chip, quantities, place, () => Start(buses.OpenSpi(settings), start), read);
    }

    /// <summary>A device whose driver does not start belongs to nobody.</summary>
    private static TDriver Start<TDevice, TDriver>(TDevice device, Func<TDevice, TDriver> start)
        where TDevice : IDisposable
    {
        try
        {
            return start(device);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }
}
