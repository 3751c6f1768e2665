namespace Node.Host.Dashboard.History;

/// <summary>The means of an hour's minutes.</summary>
internal sealed class HistoryHour(long number)
{
    public const int Minutes = 60;

    private readonly Mean[] _raw = new Mean[Minutes];
    private readonly Mean[] _filtered = new Mean[Minutes];

    /// <summary>Which hour of the monotonic clock; negative before the machine started.</summary>
    public long Number => number;

    public void Add(int minute, float raw, float filtered)
    {
        _raw[minute].Add(raw);
        _filtered[minute].Add(filtered);
    }

    /// <summary>The minute's means, dated to its middle; null when nothing fell into it.</summary>
    public HistoryPoint? At(int minute) => _raw[minute].Count + _filtered[minute].Count == 0
        ? null
        : new HistoryPoint(TimeSpan.FromMinutes((number * Minutes) + minute + 0.5), _raw[minute].Value, _filtered[minute].Value);

    private struct Mean
    {
        private float _value;

        public ushort Count { get; private set; }

        public readonly float Value => Count == 0 ? float.NaN : _value;

        public void Add(float value)
        {
            if (float.IsFinite(value) && Count < ushort.MaxValue)
            {
                Count++;
                _value += (value - _value) / Count;
            }
        }
    }
}
