namespace HilRig.Checks;

/// <summary>A set of sequence numbers kept as ranges: its size is that of the gaps, not of the run.</summary>
internal sealed class SequenceSet
{
    private readonly List<SequenceRange> _ranges = [];

    /// <summary>Answers whether the number was new.</summary>
    public bool Add(long number)
    {
        int after = IndexOfFirstBeyond(number);
        if (after > 0 && _ranges[after - 1].Last >= number)
        {
            return false;
        }
        bool joinsBefore = after > 0 && _ranges[after - 1].Last == number - 1;
        bool joinsAfter = after < _ranges.Count && _ranges[after].First == number + 1;
        if (joinsBefore && joinsAfter)
        {
            _ranges[after - 1] = new SequenceRange(_ranges[after - 1].First, _ranges[after].Last);
            _ranges.RemoveAt(after);
        }
        else if (joinsBefore)
        {
            _ranges[after - 1] = _ranges[after - 1] with { Last = number };
        }
        else if (joinsAfter)
        {
            _ranges[after] = _ranges[after] with { First = number };
        }
        else
        {
            _ranges.Insert(after, new SequenceRange(number, number));
        }
        return true;
    }

    public long Count => _ranges.Sum(range => range.Count);

    /// <summary>The largest number; 0 when empty.</summary>
    public long Last => _ranges.Count > 0 ? _ranges[^1].Last : 0;

    /// <summary>What is absent from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public IReadOnlyList<SequenceRange> MissingBetween(long first, long last)
    {
        var missing = new List<SequenceRange>();
        long next = first;
        foreach (SequenceRange range in _ranges.Where(range => range.Last >= first && range.First <= last))
        {
            if (range.First > next)
            {
                missing.Add(new SequenceRange(next, range.First - 1));
            }
            next = range.Last + 1;
        }
        if (next <= last)
        {
            missing.Add(new SequenceRange(next, last));
        }
        return missing;
    }

    private int IndexOfFirstBeyond(long number)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _ranges[middle].First > number ? (low, middle) : (middle + 1, high);
        }
        return low;
    }
}
