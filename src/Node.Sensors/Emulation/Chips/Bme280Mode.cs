namespace Node.Sensors.Emulation;

/// <summary>Bits 1:0 of ctrl_meas; codes 01 and 10 mean the same. Source: BME280 datasheet, section 5.4.5.</summary>
internal enum Bme280Mode
{
    Sleep,
    Forced,
    Normal,
}
