using System.Diagnostics.CodeAnalysis;

namespace Node.Sensors.Drivers;

/// <summary>The values of one instant, in the order of <see cref="ISensor.Quantities"/>. The caller stamps it: a chip knows no time.</summary>
public sealed class SensorReading(IReadOnlyList<QuantityValue> values)
{
    /// <summary>At least one value; every one finite and inside its quantity's range.</summary>
    public IReadOnlyList<QuantityValue> Values { get; } = values;

    /// <summary>The value of a quantity in that quantity's unit.</summary>
    /// <exception cref="KeyNotFoundException">The sensor does not measure a quantity of this name.</exception>
    public double this[string quantityName] =>
        TryGetValue(quantityName, out QuantityValue? found)
            ? found.Value.Value
            : throw new KeyNotFoundException($"This reading has no quantity '{quantityName}'.");

    /// <summary>Looks a quantity up by name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the sensor does not measure it.</returns>
    public bool TryGetValue(string quantityName, [NotNullWhen(true)] out QuantityValue? value)
    {
        foreach (QuantityValue candidate in Values)
        {
            if (string.Equals(candidate.Quantity.Name, quantityName, StringComparison.Ordinal))
            {
                value = candidate;
                return true;
            }
        }

        value = null;
        return false;
    }
}
