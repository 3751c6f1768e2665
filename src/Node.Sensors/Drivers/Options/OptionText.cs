using System.Globalization;

namespace Node.Sensors.Drivers;

/// <summary>Pieces of option texts that have a shape of their own.</summary>
internal static class OptionText
{
    /// <summary>Numbers with commas between.</summary>
    /// <returns><see langword="null"/> when it is not exactly so many.</returns>
    public static double[]? Numbers(string text, int count)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        double[] numbers = new double[count];
        if (parts.Length != count) { return null; }

        for (int i = 0; i < count; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i])) { return null; }
        }

        return numbers;
    }
}
