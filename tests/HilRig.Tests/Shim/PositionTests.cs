using System.Diagnostics;

namespace HilRig.Tests.Shim;

/// <summary>
/// Programs that read and write a device node at a position or in parts, as Node.js and others do with every file: the kernel's I2C driver
/// takes no notice of the position, its SPI and GPIO drivers refuse one.
/// </summary>
public sealed class PositionTests
{
    private const string Program = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <stdio.h>
        #include <sys/ioctl.h>
        #include <sys/uio.h>
        #include <unistd.h>
        int main(void)
        {
            unsigned char id = 0, reg = 0xD0, first = 0, second = 0;
            int bus = open("/dev/i2c-1", O_RDWR), chip = open("/dev/spidev0.0", O_RDWR);
            ioctl(bus, 0x0703, 0x76);
            long written = pwrite(bus, &reg, 1, 0), got = pread(bus, &id, 1, 7);
            printf("%ld %ld 0x%02x\n", written, got, id);
            struct iovec out = { &reg, 1 }, in[2] = { { &first, 1 }, { &second, 1 } };
            written = writev(bus, &out, 1);
            got = readv(bus, in, 2);
            printf("%ld %ld 0x%02x 0x%02x\n", written, got, first, second);
            got = pread(chip, &id, 1, 0);
            printf("%ld %d\n", got, errno == ESPIPE);
            return 0;
        }
        """;

    [Fact]
    public async Task Reads_and_writes_at_a_position_or_in_parts_are_transfers_on_I2C_and_refused_on_SPI()
    {
        string compiler = ShimFixture.Require("cc", "gcc");
        await using ShimFixture nodes = await ShimFixture.StartAsync();
        string source = Path.Combine(nodes.Folder, "position.c");
        string binary = Path.Combine(nodes.Folder, "position");
        await File.WriteAllTextAsync(source, Program, TestContext.Current.CancellationToken);
        using (Process build = Process.Start(new ProcessStartInfo(compiler, [source, "-o", binary]))!)
        {
            await build.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, build.ExitCode);
        }

        (int exitCode, string output) = await nodes.RunAsync(binary);

        Assert.Equal(0, exitCode);
        Assert.Equal(["1 1 0x60", "1 2 0x60 0x60", "-1 1"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
