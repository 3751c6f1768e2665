using System.Buffers;
using System.Text.Json;
using Node.Sensors.Drivers;

namespace Node.Host.Sensing;

/// <summary>The telemetry body of a reading: <c>{"temperature":23.71,"humidity":26.27,"pressure":100.65}</c>.</summary>
internal static class ReadingBody
{
    /// <summary>Writes the reading as UTF-8 JSON, each value with the digits that its unit deserves.</summary>
    public static byte[] Write(SensorReading reading)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (QuantityValue value in reading.Values)
            {
                json.WriteNumber(value.Quantity.Name, Rounded(value));
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A value without the digits that no such chip measures: a pascal for pressures, a hundredth of the unit for the rest.</summary>
    public static double Rounded(QuantityValue value) => Math.Round(value.Value, value.Quantity.Unit == "kilopascal" ? 3 : 2);
}
