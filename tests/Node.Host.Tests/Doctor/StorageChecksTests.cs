using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Doctor;
using Node.Host.Spool;

namespace Node.Host.Tests.Doctor;

public sealed class StorageChecksTests
{
    [Theory]
    [InlineData("/proc/none", "error")]
    [InlineData(null, "ok")]
    public async Task A_data_folder_that_cannot_be_written_to_is_an_error(string? folder, string expected)
    {
        using var rig = new DoctorRig();

        Assert.Equal(expected, (await rig.StorageAsync("data-folder", Options(folder ?? rig.Root.Path))).Result);
    }

    [Theory]
    [InlineData("overlay / overlay rw 0 0", "warning")]
    [InlineData("overlay / overlay rw 0 0\n/dev/mmcblk0p6 /data ext4 rw 0 0", "ok")]
    [InlineData("/dev/root / ext4 rw 0 0\ntmpfs /data tmpfs rw 0 0", "warning")]
    [InlineData("/dev/root / ext4 rw 0 0\ntmpfs /database tmpfs rw 0 0", "ok")]
    public async Task A_data_folder_that_goes_with_the_container_is_a_warning_with_the_exact_lines(string mounts, string expected)
    {
        using var rig = new DoctorRig();
        rig.Write("/proc/mounts", mounts);

        CheckResult result = await rig.StorageAsync("data-volume", Options("/data"));

        Assert.Equal(expected, result.Result);
        Assert.Equal(expected == "warning", result.Remedy?.Contains("volumes: [\"sensornode-data:/data\"]", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData(1, "error")]
    [InlineData(40, "warning")]
    [InlineData(400, "ok")]
    public async Task Space_that_the_spool_may_need_is_looked_for(long mebibytes, string expected)
    {
        using var rig = new DoctorRig();
        rig.Machine = rig.Machine with { FreeBytes = _ => mebibytes << 20 };

        Assert.Equal(expected, (await rig.StorageAsync("free-space", Options(rig.Root.Path))).Result);
    }

    [Fact]
    public async Task A_damaged_spool_is_an_error_and_a_sound_one_is_not()
    {
        using var rig = new DoctorRig();
        string file = rig.Root.File("spool.db");
        using (Node.Host.Spool.Spool spool = Node.Host.Spool.Spool.Open(new SpoolOptions { Path = file }, "boot", TimeProvider.System, NullLogger.Instance))
        {
            for (int i = 0; i < 200; i++)
            {
                await spool.AppendAsync(new SpoolEntry("climate", DateTimeOffset.UnixEpoch, true, 0, new byte[500]), TestContext.Current.CancellationToken);
            }
        }

        CheckResult sound = await rig.StorageAsync("spool", Options(rig.Root.Path));
        byte[] bytes = File.ReadAllBytes(file);
        bytes.AsSpan(5_000, bytes.Length - 6_000).Fill(0x5A);
        File.WriteAllBytes(file, bytes);
        CheckResult damaged = await rig.StorageAsync("spool", Options(rig.Root.Path));

        Assert.Equal(("ok", "error"), (sound.Result, damaged.Result));
        Assert.Contains("replace the SD card", damaged.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_node_on_the_folder_is_a_warning_alive_or_left_behind()
    {
        using var rig = new DoctorRig();
        rig.Write("/proc/4711/status", "");

        CheckResult alive = await rig.StorageAsync("other-node", Options(rig.Root.Path), new RunningNode(4711, "http://127.0.0.1:1", "b"));
        CheckResult left = await rig.StorageAsync("other-node", Options(rig.Root.Path), new RunningNode(4712, "http://127.0.0.1:1", "b"));

        Assert.Equal(("warning", "warning", "ok"), (alive.Result, left.Result, (await rig.StorageAsync("other-node", Options(rig.Root.Path))).Result));
        Assert.Contains("kill 4711", alive.Remedy, StringComparison.Ordinal);
        Assert.Contains("has ended here", left.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_unless_the_running_node_has_it()
    {
        using var rig = new DoctorRig();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        NodeOptions options = Options(rig.Root.Path) with { Http = new HttpOptions { Port = port } };

        CheckResult strangers = await rig.StorageAsync("http-port", options);
        CheckResult own = await rig.StorageAsync("http-port", options, new RunningNode(1, $"http://127.0.0.1:{port}", "b"));

        Assert.Equal(("error", "ok"), (strangers.Result, own.Result));
        Assert.Contains($"sport = :{port}", strangers.Remedy, StringComparison.Ordinal);
    }

    private static NodeOptions Options(string folder) => new() { DataFolder = folder };
}
