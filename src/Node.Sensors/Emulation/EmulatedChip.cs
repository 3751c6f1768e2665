namespace Node.Sensors.Emulation;

/// <summary>
/// A chip seen from its pins. The bus calls it for one transaction at a time; a rig may switch its supply from another thread.
/// </summary>
public abstract class EmulatedChip
{
    private bool _powered = true;

    private protected EmulatedChip(string name)
    {
        Name = name;
    }

    /// <summary>The datasheet's name.</summary>
    public string Name { get; }

    /// <summary>The registers in the order of their addresses; empty for a chip that is driven by commands.</summary>
    public virtual IReadOnlyList<RegisterDescription> Registers => [];

    /// <summary>Whether the supply is on. A chip without supply acknowledges nothing. Switching on begins with power-on values and start-up time.</summary>
    public bool IsPowered
    {
        get
        {
            lock (Gate) { return _powered; }
        }

        set
        {
            lock (Gate)
            {
                if (value && !_powered) { PowerOnReset(); }
                if (!value && _powered) { SupplyLost(); }

                _powered = value;
            }

            TellPins();
        }
    }

    /// <summary>Held for the length of a transaction, and while something other than the bus changes the chip.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Takes the supply away for an instant: the chip forgets everything but its factory memory and starts up again.</summary>
    public void BrownOut()
    {
        IsPowered = false;
        IsPowered = true;
    }

    /// <summary>START, address with write bit, bytes.</summary>
    /// <returns><see langword="false"/> when the chip does not acknowledge.</returns>
    internal bool TryWrite(ReadOnlySpan<byte> bytes) => _powered && AcceptWrite(bytes);

    /// <summary>START (or repeated START), address with read bit, bytes.</summary>
    /// <returns><see langword="false"/> when the chip does not acknowledge.</returns>
    internal bool TryRead(Span<byte> bytes) => _powered && AcceptRead(bytes);

    /// <summary>Passes changes of the interrupt output on to its pin. Called without any lock held, because listeners may use the bus.</summary>
    internal virtual void TellPins()
    {
    }

    /// <summary>Called when the supply goes away: outputs let go of their lines.</summary>
    private protected virtual void SupplyLost()
    {
    }

    private protected abstract bool AcceptWrite(ReadOnlySpan<byte> bytes);

    private protected abstract bool AcceptRead(Span<byte> bytes);

    private protected abstract void PowerOnReset();
}
