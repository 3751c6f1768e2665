namespace Node.Sensors.Emulation;

/// <summary>The table of a chip whose registers are words: name, reset value, access, writable bits and side effects, as in <see cref="RegisterMap"/>.</summary>
internal sealed class WordRegisterMap
{
    private readonly SortedDictionary<byte, Register> _registers = [];
    private readonly RegisterTouches _touches = new();

    public IReadOnlyList<RegisterDescription> Descriptions => [.. _registers.Values.Select(static register => register.Description)];

    /// <summary>The stored value, for the chip itself: no access rule, no side effect.</summary>
    public ushort this[byte address]
    {
        get => _registers[address].Value;
        set => _registers[address].Value = value;
    }

    /// <param name="address">The register's number.</param>
    /// <param name="name">The datasheet's name.</param>
    /// <param name="reset">The value after power-on.</param>
    /// <param name="access">What the bus may do.</param>
    /// <param name="writeMask">The bits that a write changes.</param>
    /// <param name="onWrite">Called after a write with the word as it was sent.</param>
    /// <param name="onRead">Gives the word read instead of the stored one.</param>
    public void Add(
        byte address, string name, ushort reset, RegisterAccess access = RegisterAccess.ReadWrite, ushort writeMask = 0xFFFF,
        Action<ushort>? onWrite = null, Func<ushort>? onRead = null)
    {
        ushort mask = access == RegisterAccess.ReadOnly ? (ushort)0 : writeMask;
        _registers.Add(address, new Register(new RegisterDescription(address, name, reset, access, mask), onWrite, onRead) { Value = reset });
    }

    /// <summary>What the bus has touched so far.</summary>
    public ChipCoverage Cover(string chip) => _touches.Over(chip, Descriptions);

    public ushort Read(byte address)
    {
        _touches.Read(address);
        Register register = _registers[address];
        return register.OnRead?.Invoke() ?? register.Value;
    }

    public void Write(byte address, ushort value)
    {
        _touches.Written(address, value);
        Register register = _registers[address];
        if (register.Description.Access == RegisterAccess.ReadOnly) { return; }

        ushort mask = register.Description.WriteMask;
        register.Value = (ushort)((register.Value & ~mask) | (value & mask));
        register.OnWrite?.Invoke(value);
    }

    public void Reset()
    {
        foreach (Register register in _registers.Values) { register.Value = register.Description.Reset; }
    }

    private sealed class Register(RegisterDescription description, Action<ushort>? onWrite, Func<ushort>? onRead)
    {
        public RegisterDescription Description { get; } = description;

        public Action<ushort>? OnWrite { get; } = onWrite;

        public Func<ushort>? OnRead { get; } = onRead;

        public ushort Value { get; set; }
    }
}
