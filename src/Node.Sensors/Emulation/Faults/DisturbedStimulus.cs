namespace Node.Sensors.Emulation;

/// <summary>A quantity as one chip measures it: the truth of the board's world, changed by the chip's faults.</summary>
internal sealed class DisturbedStimulus(AmbientQuantity quantity, Ambient truth, ChipFaults faults) : Stimulus
{
    public override double At(TimeSpan elapsed) => faults.Measured(quantity.Name, quantity.Get(truth), elapsed);

    /// <summary>A world of such quantities. A quantity that is exchanged in the true world is exchanged here too.</summary>
    public static Ambient World(Ambient truth, ChipFaults faults)
    {
        Ambient world = new();
        foreach (AmbientQuantity quantity in AmbientQuantity.All) { quantity.Set(world, new DisturbedStimulus(quantity, truth, faults)); }

        return world;
    }
}
