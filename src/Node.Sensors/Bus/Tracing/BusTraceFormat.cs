using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Node.Sensors.Bus;

/// <summary>
/// The lines of a trace: first <c>{"trace":"sensornode-bus","version":1,"provider":"linux"}</c>, then one object an entry, such as
/// <c>{"us":1234,"bus":"i2c-1","addr":"0x76","op":"writeRead","out":"d0","in":"60"}</c>, <c>…"in":"0000","errno":121}</c> or
/// <c>{"us":9,"bus":"gpio","pin":17,"op":"edge","level":1}</c>. A recording that was full ends with <c>{"us":99,"end":"full"}</c>.
/// </summary>
internal static class BusTraceFormat
{
    public const string Gpio = "gpio";
    public const int Version = 1;

    private const string Schema = "sensornode-bus";

    private static readonly string[] Names = [.. Enum.GetNames<BusOperation>().Select(static name => char.ToLowerInvariant(name[0]) + name[1..])];

    public static string NameOf(BusOperation operation) => Names[(int)operation];

    public static string Header(string provider) => $$"""{"trace":"{{Schema}}","version":{{Version}},"provider":"{{JsonEncodedText.Encode(provider)}}"}""";

    /// <summary>More characters than any last line of a full recording has.</summary>
    public const int LongestEnd = 48;

    /// <summary>The last line of a recording that was full.</summary>
    public static string End(TimeSpan at) => string.Create(CultureInfo.InvariantCulture, $$"""{"us":{{(long)at.TotalMicroseconds}},"end":"full"}""");

    /// <summary>Whether a line is the last of a recording that was full.</summary>
    public static bool IsEnd(string line)
    {
        if (line.Length > LongestEnd || !line.Contains("\"end\"", StringComparison.Ordinal)) { return false; }

        using JsonDocument document = Parse(line);
        return Text(document.RootElement, "end") == "full";
    }

    /// <param name="entry">What to write.</param>
    /// <param name="withTime">Whether the line tells when.</param>
    public static string Line(BusTraceEntry entry, bool withTime = true)
    {
        StringBuilder line = new("{");
        if (withTime) { line.Append(CultureInfo.InvariantCulture, $"\"us\":{(long)entry.At.TotalMicroseconds},"); }

        line.Append(CultureInfo.InvariantCulture, $"\"bus\":\"{entry.Bus}\"");
        if (entry.Bus == Gpio) { line.Append(CultureInfo.InvariantCulture, $",\"pin\":{entry.Address}"); }

        if (entry.Bus.StartsWith("i2c", StringComparison.Ordinal)) { line.Append(CultureInfo.InvariantCulture, $",\"addr\":\"0x{entry.Address:X2}\""); }

        line.Append(CultureInfo.InvariantCulture, $",\"op\":\"{NameOf(entry.Operation)}\"");
        if (entry.Operation is BusOperation.Write or BusOperation.WriteRead or BusOperation.Transfer) { line.Append(CultureInfo.InvariantCulture, $",\"out\":\"{Convert.ToHexStringLower(entry.Out.Span)}\""); }

        if (entry.Operation is BusOperation.Read or BusOperation.WriteRead or BusOperation.Transfer) { line.Append(CultureInfo.InvariantCulture, $",\"in\":\"{Convert.ToHexStringLower(entry.In.Span)}\""); }

        if (entry.Operation == BusOperation.PinMode) { line.Append(CultureInfo.InvariantCulture, $",\"mode\":\"{entry.Mode}\""); }
        else if (entry.Bus == Gpio) { line.Append(CultureInfo.InvariantCulture, $",\"level\":{entry.Level}"); }

        if (entry.Errno != 0) { line.Append(CultureInfo.InvariantCulture, $",\"errno\":{entry.Errno}"); }

        return line.Append('}').ToString();
    }

    /// <returns>The provider that was recorded.</returns>
    /// <exception cref="FormatException">This is no first line of a trace that this program reads.</exception>
    public static string ReadHeader(string line)
    {
        using JsonDocument document = Parse(line);
        JsonElement root = document.RootElement;
        if (Text(root, "trace") != Schema) { throw new FormatException($"does not begin with {Header("…")}"); }

        int version = Number(root, "version", 0);
        if (version != Version) { throw new FormatException($"has version {version}; this program reads version {Version}"); }

        return Text(root, "provider");
    }

    /// <exception cref="FormatException">This is no line of a trace.</exception>
    public static BusTraceEntry Read(string line)
    {
        using JsonDocument document = Parse(line);
        JsonElement root = document.RootElement;
        string bus = Text(root, "bus");
        if (bus.Length == 0) { throw new FormatException("has no \"bus\""); }

        int operation = Array.IndexOf(Names, Text(root, "op"));
        if (operation < 0) { throw new FormatException($"has no \"op\" out of {string.Join(", ", Names)}"); }

        return new BusTraceEntry
        {
            At = TimeSpan.FromMicroseconds(Long(root, "us")),
            Bus = bus,
            Address = bus == Gpio ? Number(root, "pin", 0) : Address(Text(root, "addr")),
            Operation = (BusOperation)operation,
            Out = Bytes(root, "out"),
            In = Bytes(root, "in"),
            Errno = Number(root, "errno", 0),
            Level = Number(root, "level", 0),
            Mode = Text(root, "mode"),
        };
    }

    private static JsonDocument Parse(string line)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind == JsonValueKind.Object) { return document; }

            document.Dispose();
        }
        catch (JsonException malformed)
        {
            throw new FormatException("is no JSON", malformed);
        }

        throw new FormatException("is no JSON object");
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    private static int Number(JsonElement root, string name, int otherwise) =>
        !root.TryGetProperty(name, out JsonElement value) ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw new FormatException($"has a \"{name}\" that is no whole number");

    private static long Long(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number is >= 0 and < 1L << 52
            ? number
            : throw new FormatException($"has no \"{name}\", a whole number of microseconds");

    private static int Address(string text) =>
        text.Length == 0 ? 0
        : text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int address)
            ? address
            : throw new FormatException($"has the address \"{text}\", which is not one such as \"0x76\"");

    private static byte[] Bytes(JsonElement root, string name)
    {
        string text = Text(root, name);
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException malformed)
        {
            throw new FormatException($"has an \"{name}\" that is not pairs of hexadecimal digits", malformed);
        }
    }
}
