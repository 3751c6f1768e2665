namespace Node.Sensors.Emulation;

/// <summary>A stimulus given by a pure function of the time since the start.</summary>
internal sealed class FunctionStimulus(Func<TimeSpan, double> function) : Stimulus
{
    public override double At(TimeSpan elapsed) => function(elapsed < TimeSpan.Zero ? TimeSpan.Zero : elapsed);
}
