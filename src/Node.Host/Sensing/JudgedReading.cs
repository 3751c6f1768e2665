namespace Node.Host.Sensing;

/// <summary>The values of one instant after judgement and filters, in the sensor's order.</summary>
internal sealed class JudgedReading(IReadOnlyList<JudgedValue> values)
{
    public IReadOnlyList<JudgedValue> Values => values;

    /// <summary>Whether at least one value goes out.</summary>
    public bool GoesOut => values.Any(value => value.GoesOut);

    /// <summary>The worst quality among the values that go out.</summary>
    public Quality Quality => values.Where(value => value.GoesOut).Select(value => value.Quality).DefaultIfEmpty(Quality.Good).Max();
}
