namespace Node.Host.Dashboard.History;

/// <summary>One value of a quantity: when, as the chip gave it and as it went out; NaN where there is none.</summary>
/// <param name="At">On the machine's monotonic clock, so that a step of the wall clock tears no curve.</param>
/// <param name="Raw">The driver's value.</param>
/// <param name="Filtered">What the filters made of it.</param>
internal readonly record struct HistoryPoint(TimeSpan At, float Raw, float Filtered);
