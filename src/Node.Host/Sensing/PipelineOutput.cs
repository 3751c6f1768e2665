namespace Node.Host.Sensing;

/// <summary>What a measurement came to.</summary>
/// <param name="Latest">Its values, raw and filtered.</param>
/// <param name="Out">What goes out, in order: mostly one reading, none when the filters hold it back, several when some were due before it.</param>
internal sealed record PipelineOutput(JudgedReading Latest, IReadOnlyList<JudgedReading> Out);
