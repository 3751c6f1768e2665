namespace Node.Sensors.Drivers;

/// <summary>
/// The chips whose drivers come from Iot.Device.Bindings instead of this library, when it is built with <c>UseIotDeviceBindings</c>. They have
/// the options that the package's drivers have; any other is refused. Source: the public API of Iot.Device.Bindings 4.2.0.
/// </summary>
internal static class BoundCatalog
{
    /// <summary>The same chip with the package's driver, or the chip itself when the package has none for it.</summary>
    public static SensorChip Substitute(SensorChip own) => own.Name switch
    {
        "BME280" => With(own, BoundAirDrivers.Bme280(own)),
        "SHT31" => With(own, BoundAirDrivers.Sht31(own)),
        "SCD41" => With(own, BoundAirDrivers.Scd41(own)),
        "BH1750" => With(own, BoundLightDriver.Bh1750(own)),
        "ADS1115" => With(own, BoundVoltageDrivers.Ads1115(own)),
        "MCP3008" => With(own, BoundVoltageDrivers.Mcp3008(own)),
        "ADXL345" => With(own, BoundMotionDrivers.Adxl345(own)),
        "MPU-6050" => With(own, BoundMotionDrivers.Mpu6050(own)),
        _ => own,
    };

    private static SensorChip With(SensorChip own, SensorOpening opening) => new(opening)
    {
        Name = own.Name,
        Part = own.Part,
        Description = own.Description,
        Bus = own.Bus,
        Addresses = own.Addresses,
        Quantities = opening.Check(SensorOpening.NoOptions, "Options", []),
    };
}
