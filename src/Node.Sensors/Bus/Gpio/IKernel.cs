namespace Node.Sensors.Bus.Gpio;

/// <summary>The system calls that GPIO lines need. Each gives a negative errno where it fails.</summary>
internal interface IKernel
{
    /// <summary>Opens a device node for reading and writing.</summary>
    int Open(string path);

    void Close(int fd);

    int Ioctl(int fd, uint request, Span<byte> argument);

    /// <summary>Reads what is there; at least one whole event once <see cref="Poll"/> has said so.</summary>
    int Read(int fd, Span<byte> buffer);

    /// <summary>Waits until one of the descriptors can be read or has an error, without a limit. Places marked true have something.</summary>
    int Poll(ReadOnlySpan<int> descriptors, Span<bool> ready);

    /// <summary>A descriptor whose only use is to end a <see cref="Poll"/> from another thread.</summary>
    int CreateWaker();

    void Wake(int fd);
}
