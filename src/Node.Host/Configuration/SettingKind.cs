namespace Node.Host.Configuration;

/// <summary>What kind of value a setting takes.</summary>
internal enum SettingKind
{
    Text,
    WholeNumber,
    Number,
    Duration,
    Flag,
    Choice,

    /// <summary>A section whose keys the user names.</summary>
    Map,

    /// <summary>A 7-bit I2C address such as 0x76.</summary>
    Address,
}
