using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>Holds a value against what its chip promises to measure, so that a stuck line never passes for weather.</summary>
internal static class QuantityRange
{
    /// <exception cref="SensorException">The value is outside the quantity's range, or no number (<see cref="SensorFault.OutOfRange"/>).</exception>
    public static QuantityValue Checked(this Quantity quantity, double value, string place, string chip)
    {
        if (value >= quantity.Minimum && value <= quantity.Maximum) { return new QuantityValue(quantity, value); }

        throw new SensorException(SensorFault.OutOfRange, string.Create(CultureInfo.InvariantCulture,
            $"{place}: the {chip}'s {quantity.Name} of {value:0.###} {quantity.Unit} is outside {quantity.Minimum} to {quantity.Maximum}: check wiring and supply."));
    }
}
