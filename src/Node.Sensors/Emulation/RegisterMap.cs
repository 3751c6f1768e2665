namespace Node.Sensors.Emulation;

/// <summary>
/// A chip's registers as one table: name, reset value, access, writable bits and side effects. Addresses that the table does not name read
/// as zero and ignore writes.
/// </summary>
internal sealed class RegisterMap
{
    private readonly Register?[] _registers = new Register?[256];
    private readonly byte[] _values = new byte[256];
    private readonly byte?[] _shown = new byte?[256];
    private readonly RegisterTouches _touches = new();

    public IReadOnlyList<RegisterDescription> Descriptions =>
        [.. _registers.Where(static register => register is not null).Select(static register => register!.Description)];

    /// <summary>The stored value, for the chip itself: no access rule, no side effect.</summary>
    public byte this[byte address]
    {
        get => _values[address];
        set => _values[address] = value;
    }

    /// <param name="address">The register's number.</param>
    /// <param name="name">The datasheet's name.</param>
    /// <param name="reset">The value after power-on.</param>
    /// <param name="access">What the bus may do.</param>
    /// <param name="writeMask">The bits that a write changes.</param>
    /// <param name="onWrite">Called with the stored value after a write.</param>
    /// <param name="onRead">Gives the value read instead of the stored one.</param>
    public void Add(
        byte address, string name, byte reset = 0, RegisterAccess access = RegisterAccess.ReadWrite, byte writeMask = 0xFF,
        Action<byte>? onWrite = null, Func<byte>? onRead = null)
    {
        byte mask = access == RegisterAccess.ReadOnly ? (byte)0 : writeMask;
        _registers[address] = new Register(new RegisterDescription(address, name, reset, access, mask), onWrite, onRead);
        _values[address] = reset;
    }

    /// <summary>Adds consecutive read-only registers whose values the chip computes; <paramref name="onRead"/> gets the offset into the block.</summary>
    public void AddBlock(byte address, string name, ReadOnlySpan<byte> reset, Func<int, byte> onRead)
    {
        for (int i = 0; i < reset.Length; i++)
        {
            int offset = i;
            Add((byte)(address + i), $"{name}[{i}]", reset[i], RegisterAccess.ReadOnly, onRead: () => onRead(offset));
        }
    }

    /// <summary>Makes a register read as something else than it holds, or with <see langword="null"/> as itself again.</summary>
    public void Show(byte address, byte? value) => _shown[address] = value;

    /// <summary>What the bus has touched so far.</summary>
    public ChipCoverage Cover(string chip) => _touches.Over(chip, Descriptions);

    public byte Read(byte address)
    {
        _touches.Read(address);
        return _shown[address] ?? Value(address);
    }

    private byte Value(byte address) => _registers[address] switch
    {
        null => 0,
        { Description.Access: RegisterAccess.WriteOnly } hidden => (byte)hidden.Description.Reset,
        { OnRead: { } compute } => compute(),
        _ => _values[address],
    };

    public void Write(byte address, byte value)
    {
        _touches.Written(address, value);
        if (_registers[address] is not { } register || register.Description.Access == RegisterAccess.ReadOnly) { return; }

        byte mask = (byte)register.Description.WriteMask;
        _values[address] = (byte)((_values[address] & ~mask) | (value & mask));
        register.OnWrite?.Invoke(_values[address]);
    }

    public void Reset()
    {
        foreach (Register? register in _registers)
        {
            if (register is not null) { _values[register.Description.Address] = (byte)register.Description.Reset; }
        }
    }

    private sealed record Register(RegisterDescription Description, Action<byte>? OnWrite, Func<byte>? OnRead);
}
