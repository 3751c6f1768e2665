namespace HilRig.Checks;

/// <summary>Consecutive sequence numbers, both ends included.</summary>
internal readonly record struct SequenceRange(long First, long Last)
{
    public long Count => Last - First + 1;

    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
