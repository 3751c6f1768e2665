using Microsoft.Extensions.Configuration;

namespace Node.Host.Configuration;

/// <summary>
/// Every setting that there is. Nobody writes this table: it is what the reader asks for when it is given one sensor and one actuator of each
/// kind, so that documentation and schema cannot fall behind it. The options of chips are in the sensor catalogue.
/// </summary>
internal static class SettingsTable
{
    /// <summary>Stands for a name that the user gives.</summary>
    public const string Name = "{name}";

    /// <summary>Stands for the name of a quantity.</summary>
    public const string Quantity = "{quantity}";

    private const string OnSpi = "{onSpi}";
    private const string OnPwm = "{onPwm}";

    /// <summary>The settings in the reader's order, with <see cref="Name"/> and <see cref="Quantity"/> in their paths.</summary>
    public static IReadOnlyList<Setting> Build()
    {
        IConfigurationRoot probe = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"Node:Sensors:{Name}:Chip"] = "BME280",
            [$"Node:Sensors:{Name}:Quantities:{Quantity}:Decimals"] = "2",
            [$"Node:Sensors:{OnSpi}:Chip"] = "ADXL345",
            [$"Node:Actuators:{Name}:Pin"] = "17",
            [$"Node:Actuators:{OnPwm}:Kind"] = ActuatorOptions.PwmKind,
        }).Build();
        return
        [
            .. NodeOptionsReader.Read(probe, AppContext.BaseDirectory).Settings
                .Where(setting => !setting.Path.Contains(":Options:", StringComparison.Ordinal))
                .Select(setting => setting with { Path = setting.Path.Replace(OnSpi, Name, StringComparison.Ordinal).Replace(OnPwm, Name, StringComparison.Ordinal) })
                .DistinctBy(setting => setting.Path)
                .Select(setting => setting with { Purpose = setting.Purpose ?? SettingPurposes.Of(setting.Path) }),
        ];
    }
}
