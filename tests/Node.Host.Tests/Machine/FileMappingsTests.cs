using Node.Host.Machine;

namespace Node.Host.Tests.Machine;

public sealed class FileMappingsTests
{
    private const string Account = """
        55a362977000-55a3629d9000 r-xp 0002f000 fe:00 247629                     /opt/sensor node/sensornode
        Size:                392 kB
        Rss:                 392 kB
        Anonymous:             0 kB
        VmFlags: rd ex mr mw me
        55a3629d9000-55a362a00000 r--p 00091000 fe:00 247629                     /opt/sensor node/sensornode
        Size:                156 kB
        Anonymous:             8 kB
        55a362a00000-55a362b00000 rw-p 000b8000 fe:00 247629                     /opt/sensor node/sensornode
        Anonymous:             0 kB
        55a362b00000-55a362c00000 rw-p 00000000 00:00 0
        Anonymous:          1024 kB
        55a362c00000-55a362d00000 r--p 00000000 00:00 0                          [vvar]
        Anonymous:             0 kB
        55a362d00000-55a362e00000 r--s 00000000 fe:00 12                         /var/lib/sensornode/spool.db-shm
        Anonymous:             0 kB
        7f82c2e22000-7f82c2e23000 r--p 00000000 fe:00 13                         /usr/lib/libc.so.6
        Anonymous:             0 kB
        """;

    [Fact]
    public void Only_private_parts_of_files_that_nobody_may_write_to_and_nobody_has_written_to_are_let_go()
    {
        (nint Start, nint Length)[] found = [.. FileMappings.Unchanged(Account.Split('\n'))];

        Assert.Equal([(unchecked((nint)0x55a362977000), 0x62000), (unchecked((nint)0x7f82c2e22000), 0x1000)], found);
    }

    [Theory, InlineData(""), InlineData("-"), InlineData("nonsense r-xp 0 0 0 /file\nAnonymous: 0 kB"), InlineData("10-zz r-xp 0 0 0 /file\nAnonymous: 0 kB"), InlineData("10-20 r-xp 0 0 0 /file"), InlineData("Anonymous: 0 kB")]
    public void An_account_of_another_form_names_nothing(string account) => Assert.Empty(FileMappings.Unchanged(account.Split('\n')));

    [Fact]
    public void A_process_that_has_let_go_of_its_own_files_runs_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux gives an account of a process's memory");

        long released = FileMappings.Release();

        Assert.InRange(released, 1, long.MaxValue);
    }

    [Fact]
    public void What_a_start_leaves_can_be_given_back_again_and_again()
    {
        byte[] kept = [.. Enumerable.Range(0, 200).Select(number => (byte)number)];

        StartLeftovers.Release();
        StartLeftovers.Release();

        Assert.Equal(199, kept[^1]);
    }
}
