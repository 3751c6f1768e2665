using System.Collections.Immutable;

namespace Node.Sensors.Emulation;

/// <summary>
/// The deliberate failures of a board over time. The same plan with the same seed on the same transfers does the same, whatever threads made
/// them. Faults may be added and taken away while the board runs. Safe for use by several threads.
/// </summary>
public sealed class FaultPlan
{
    /// <summary>The most faults of one plan.</summary>
    public const int MaximumFaults = 10_000;

    private ImmutableArray<BusFault> _faults = [];

    /// <summary>A plan without faults.</summary>
    /// <param name="seed">Fixes which transfers and bits are hit where chance decides. Default 1.</param>
    public FaultPlan(int seed = 1)
    {
        Seed = seed;
    }

    /// <summary>A plan of the given faults.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="MaximumFaults"/>.</exception>
    public FaultPlan(IEnumerable<BusFault> faults, int seed = 1)
        : this(seed)
    {
        ArgumentNullException.ThrowIfNull(faults);
        foreach (BusFault fault in faults) { Add(fault); }
    }

    /// <summary>Fixes which transfers and bits are hit where chance decides.</summary>
    public int Seed { get; }

    /// <summary>Every fault, past ones too.</summary>
    public IReadOnlyList<BusFault> Faults => _faults;

    internal event EventHandler? Changed;

    internal ImmutableArray<BusFault> Snapshot => _faults;

    /// <summary>Adds a fault; one whose time has come acts from the next transfer on.</summary>
    /// <exception cref="ArgumentException">The plan is full, or a number of the fault is out of its range.</exception>
    public void Add(BusFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.Probability is < 0 or > 1 or double.NaN) { throw new ArgumentException("A probability is 0 to 1.", nameof(fault)); }

        if (!(fault.Factor > 0) || fault.Duration < TimeSpan.Zero || fault.ByteIndex < 0)
        {
            throw new ArgumentException("A factor is greater than 0; durations and byte numbers are not negative.", nameof(fault));
        }

        if (_faults.Length >= MaximumFaults) { throw new ArgumentException($"A plan holds at most {MaximumFaults:N0} faults.", nameof(fault)); }

        ImmutableInterlocked.Update(ref _faults, static (faults, one) => faults.Add(one), fault);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Takes a fault away before its time is over.</summary>
    /// <returns><see langword="false"/> when the plan has no such fault.</returns>
    public bool Remove(BusFault fault)
    {
        bool removed = ImmutableInterlocked.Update(ref _faults, static (faults, one) => faults.Remove(one), fault);
        if (removed) { Changed?.Invoke(this, EventArgs.Empty); }

        return removed;
    }

    /// <summary>Takes every fault away.</summary>
    public void Clear()
    {
        ImmutableInterlocked.Update(ref _faults, static _ => []);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
