using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>What an MPU-6050's driver says when something is wrong.</summary>
internal static class Mpu6050Fault
{
    public static SensorException WrongId(string place, byte id)
    {
        string shown = string.Create(CultureInfo.InvariantCulture, $"0x{id:X2}");
        string text = id switch
        {
            0x00 or 0xFF => $"answers with id {shown}, so the data line seems stuck: check wiring and pull-up resistors",
            0x70 or 0x71 or 0x73 => $"answers with id {shown} as an MPU-6500 or MPU-9250, whose temperature formula and self-test differ: fit an MPU-6050",
            0x72 or 0x98 => $"answers with id {shown} as an imitation of the MPU-6050, which does not keep to its register map: fit an MPU-6050",
            _ => $"answers with id {shown} where an MPU-6050 has 0x68: another chip has this address; configure that chip, or change the address strap",
        };
        return new SensorException(SensorFault.WrongId, $"{place}: {text}.");
    }

    public static SensorException NotReady(string place, string what, TimeSpan limit) => new(SensorFault.NotReady, string.Create(CultureInfo.InvariantCulture,
        $"{place}: the MPU-6050 did not finish {what} in {limit.TotalMilliseconds:0.#} ms: check its supply, and power-cycle it."));

    public static SensorException LostSettings(string place) => new(SensorFault.NotReady,
        $"{place}: the MPU-6050 does not keep its settings: check its supply, and that no other program uses it.");

    public static SensorException AtEndOfRange(string place, string what) => new(SensorFault.OutOfRange,
        $"{place}: the MPU-6050's {what} is at the end of its range: choose a larger range, or check the mounting.");
}
