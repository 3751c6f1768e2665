namespace Node.Sensors.Emulation;

/// <summary>What a JSON value is.</summary>
internal enum JsonPlaceKind
{
    Object,
    Array,
    Text,
    Number,
    Flag,
    Null,
}
