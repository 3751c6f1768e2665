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

    /// <summary>The commands in the order of their codes; empty for a chip that has registers.</summary>
    public virtual IReadOnlyList<CommandDescription> Commands => [];

    /// <summary>What was touched of registers and commands since the board was switched on.</summary>
    public virtual ChipCoverage Coverage => ChipCoverage.None with { Chip = Name };

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

                if (!value && _powered) { PowerLost(); }

                _powered = value;
            }

            PublishLines();
        }
    }

    /// <summary>Held for the length of a transaction, and while something other than the bus changes the chip.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>What goes wrong with it on its board, or <see langword="null"/> off a board.</summary>
    internal ChipFaults? Faults { get; set; }

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

    /// <summary>START, address 0 with write bit, bytes.</summary>
    /// <returns><see langword="false"/> when the chip does not listen to the general call.</returns>
    internal bool TryGeneralCall(ReadOnlySpan<byte> bytes) => _powered && AcceptGeneralCall(bytes);

    /// <summary>START, alert response address with read bit: a chip that asserts its alert output answers with its own address.</summary>
    /// <returns><see langword="false"/> when it asserts nothing, or does not know SMBus alerts.</returns>
    internal bool TryAlertResponse() => _powered && AcceptAlertResponse();

    /// <summary>Brings the pins that the chip's outputs are wired to up to date. Called after the gate was opened.</summary>
    internal virtual void PublishLines()
    {
    }

    /// <summary>Makes the identity register show something else, or with <see langword="null"/> the truth; nothing in a chip without one.</summary>
    internal virtual void ShowId(byte? id)
    {
    }

    private protected virtual bool AcceptGeneralCall(ReadOnlySpan<byte> bytes) => false;

    private protected virtual bool AcceptAlertResponse() => false;

    private protected virtual void PowerLost()
    {
    }

    private protected abstract bool AcceptWrite(ReadOnlySpan<byte> bytes);

    private protected abstract bool AcceptRead(Span<byte> bytes);

    private protected abstract void PowerOnReset();
}
