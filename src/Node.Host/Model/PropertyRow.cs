using System.Text.Json.Nodes;

namespace Node.Host.Model;

/// <summary>One property of the twin as model and documents describe it.</summary>
/// <param name="Name">Its name in the twin.</param>
/// <param name="IsWritable">Whether the cloud may ask for a value.</param>
/// <param name="Schema">Makes its DTDL schema.</param>
/// <param name="Range">What is allowed; for a read-only property what it can be.</param>
/// <param name="Purpose">What it is for, in a sentence.</param>
/// <param name="Example">A desired value as JSON; for a read-only property a reported one.</param>
internal sealed record PropertyRow(string Name, bool IsWritable, Func<JsonNode> Schema, string Range, string Purpose, string Example)
{
    /// <summary>Whether only a PWM channel has it.</summary>
    public bool IsForPwm { get; init; }

    /// <summary>Whether only a sensor of vibration has it.</summary>
    public bool IsForVibration { get; init; }

    public JsonObject ToDtdl() => Dtdl.Property(Name, Schema(), IsWritable, $"{Purpose} {Range}.");
}
