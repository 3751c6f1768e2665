namespace HubEmulator.Events;

/// <summary>
/// Who reads a partition in a consumer group: any five without an owner level, or one with. A reader with a level puts out all others, except one of a higher level.
/// </summary>
internal sealed class ReaderSeats<T>
    where T : class
{
    public const int Most = 5;

    private readonly Lock _guard = new();
    private readonly List<(T Reader, long? Level)> _seated = [];

    /// <param name="reader">Who comes.</param>
    /// <param name="level">Its owner level, or null.</param>
    /// <param name="putOut">Those that must go now.</param>
    public SeatVerdict TryTake(T reader, long? level, out IReadOnlyList<T> putOut)
    {
        putOut = [];
        lock (_guard)
        {
            long? owner = _seated.Max(seat => seat.Level);
            if (owner is not null && (level is null || level < owner))
            {
                return SeatVerdict.Owned;
            }

            if (level is null && _seated.Count >= Most)
            {
                return SeatVerdict.Full;
            }

            if (level is not null)
            {
                putOut = _seated.ConvertAll(seat => seat.Reader);
                _seated.Clear();
            }

            _seated.Add((reader, level));
            return SeatVerdict.Seated;
        }
    }

    /// <summary>Nothing happens to one that was put out before.</summary>
    public void Leave(T reader)
    {
        lock (_guard)
        {
            _seated.RemoveAll(seat => seat.Reader == reader);
        }
    }
}
