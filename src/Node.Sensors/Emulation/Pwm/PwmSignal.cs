namespace Node.Sensors.Emulation;

/// <summary>What an emulated PWM output puts out.</summary>
/// <param name="Frequency">In hertz.</param>
/// <param name="DutyCycle">The share of each period that is high, 0 to 1.</param>
/// <param name="IsRunning">Whether the output runs; it is low when not.</param>
public readonly record struct PwmSignal(int Frequency, double DutyCycle, bool IsRunning);
