using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Node.Sensors.Bus.Gpio;

/// <summary>The system calls by way of the C library, which is where a test bench can stand in for the kernel.</summary>
internal sealed partial class LinuxKernel : IKernel
{
    private const string Libc = "libc";
    private const int ReadWriteCloseOnExec = 0x2 | 0x8_0000;
    private const int EventFdCloseOnExecNonBlocking = 0x8_0000 | 0x800;
    private const short PollIn = 1;
    private const int Interrupted = 4;

    public int Open(string path) => OrErrno(OpenNative(path, ReadWriteCloseOnExec));

    public void Close(int fd) => _ = CloseNative(fd);

    public int Ioctl(int fd, uint request, Span<byte> argument) => OrErrno(IoctlNative(fd, request, ref MemoryMarshal.GetReference(argument)));

    public int Read(int fd, Span<byte> buffer) => (int)OrErrno(ReadNative(fd, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length));

    public int Poll(ReadOnlySpan<int> descriptors, Span<bool> ready)
    {
        var polled = new PollDescriptor[descriptors.Length];
        for (int i = 0; i < polled.Length; i++)
        {
            polled[i] = new PollDescriptor { Fd = descriptors[i], Events = PollIn };
        }

        int count;
        do
        {
            count = OrErrno(PollNative(ref polled[0], (nuint)polled.Length, -1));
        }
        while (count == -Interrupted);

        for (int i = 0; i < polled.Length; i++)
        {
            ready[i] = count > 0 && polled[i].Returned != 0;
        }

        return count;
    }

    public int CreateWaker() => OrErrno(EventFdNative(0, EventFdCloseOnExecNonBlocking));

    public void Wake(int fd)
    {
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(one, 1);
        _ = WriteNative(fd, ref MemoryMarshal.GetReference(one), sizeof(ulong));
    }

    private static int OrErrno(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    private static nint OrErrno(nint result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    [LibraryImport(Libc, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport(Libc, EntryPoint = "close", SetLastError = true)]
    private static partial int CloseNative(int fd);

    [LibraryImport(Libc, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoctlNative(int fd, nuint request, ref byte argument);

    [LibraryImport(Libc, EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadNative(int fd, ref byte buffer, nuint count);

    [LibraryImport(Libc, EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteNative(int fd, ref byte buffer, nuint count);

    [LibraryImport(Libc, EntryPoint = "poll", SetLastError = true)]
    private static partial int PollNative(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [LibraryImport(Libc, EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFdNative(uint initial, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Fd;
        public short Events;
        public short Returned;
    }
}
