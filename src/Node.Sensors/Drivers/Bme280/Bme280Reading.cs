namespace Node.Sensors.Drivers;

/// <summary>Three values of the same instant.</summary>
/// <param name="TemperatureCelsius">−40 to 85 °C.</param>
/// <param name="PressurePascals">30,000 to 110,000 Pa; <see langword="null"/> when the channel is skipped.</param>
/// <param name="HumidityPercent">0 to 100 % relative humidity; <see langword="null"/> when the channel is skipped.</param>
public readonly record struct Bme280Reading(double TemperatureCelsius, double? PressurePascals, double? HumidityPercent);
