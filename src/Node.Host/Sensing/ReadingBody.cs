using System.Buffers;
using System.Text.Json;

namespace Node.Host.Sensing;

/// <summary>
/// The telemetry body of a reading: <c>{"temperature":23.71,"humidity":26.27}</c>. Values that cannot be believed are named beside them:
/// <c>{"temperature":99.1,"humidity":26.27,"quality":{"temperature":"outOfRange"}}</c>.
/// </summary>
internal static class ReadingBody
{
    private const string QualityField = "quality";

    /// <summary>Writes what goes out as UTF-8 JSON, each value with the digits that it deserves.</summary>
    public static byte[] Write(JudgedReading reading)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (JudgedValue value in reading.Values)
            {
                if (value.Shown is { } shown)
                {
                    json.WriteNumber(value.Quantity.Name, shown);
                }
            }

            if (reading.Quality != Quality.Good)
            {
                WriteQualities(json, reading);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteQualities(Utf8JsonWriter json, JudgedReading reading)
    {
        json.WriteStartObject(QualityField);
        foreach (JudgedValue value in reading.Values.Where(value => value.GoesOut && value.Quality != Quality.Good))
        {
            json.WriteString(value.Quantity.Name, QualityName.Of(value.Quality));
        }

        json.WriteEndObject();
    }
}
