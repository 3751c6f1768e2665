using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Node.Host.Composition;
using Node.Host.Configuration;

namespace Node.Host.Doctor;

/// <summary>What the node keeps and where it listens: data folder, spool, another node on them, HTTP port.</summary>
internal sealed class StorageChecks(NodeOptions options, MachineView machine, RunningNode? running)
{
    private const long LeastFree = 16L << 20;

    private static readonly string[] Volatile = ["overlay", "tmpfs", "ramfs", "aufs"];

    public IEnumerable<DoctorCheck> All() =>
    [
        new("data-folder", Folder),
        new("data-volume", Volume),
        new("free-space", FreeSpace),
        new("spool", SpoolIsSound),
        new("other-node", OtherNode),
        new("http-port", HttpPort),
    ];

    private Finding Folder() => DataFolders.TryUse(options.DataFolder, out string reason)
        ? Finding.Ok($"{options.DataFolder} can be written to")
        : Finding.Error(reason, $"set Node:DataFolder, or give this user the folder: sudo chown $(id -u) {options.DataFolder}");

    private Finding Volume()
    {
        string folder = Path.GetFullPath(options.DataFolder);
        string[][] mounts = [.. (machine.Read("/proc/mounts") ?? "").Split('\n').Select(line => line.Split(' ')).Where(fields => fields.Length >= 3)];
        string[]? mount = mounts.Where(fields => IsUnder(folder, fields[1])).MaxBy(fields => fields[1].Length);
        return mount is null ? Finding.Ok("the mounts of this system cannot be read")
            : Volatile.Contains(mount[2]) ? Finding.Warning($"{folder} lies on {mount[2]}: what it holds is gone with the container or the power",
                "mount a named volume: under the service, volumes: [\"sensornode-data:/data\"], and volumes: { sensornode-data: {} } at the end of docker-compose.yml")
            : Finding.Ok($"{folder} is kept ({mount[2]} on {mount[1]})");
    }

    private static bool IsUnder(string folder, string mountPoint) =>
        mountPoint == "/" || folder == mountPoint || folder.StartsWith(mountPoint + "/", StringComparison.Ordinal);

    private Finding FreeSpace()
    {
        long free = machine.FreeBytes(options.DataFolder);
        string text = string.Create(CultureInfo.InvariantCulture, $"{free >> 20} MiB free, the spool may grow to {options.Spool.CapacityBytes >> 20} MiB");
        const string Remedy = "free some space, or lower Node:Spool:CapacityBytes";
        return free < LeastFree ? Finding.Error(text, Remedy) : free < options.Spool.CapacityBytes ? Finding.Warning(text, Remedy) : Finding.Ok(text);
    }

    private Finding SpoolIsSound()
    {
        string file = Path.Combine(options.DataFolder, "spool.db");
        if (!File.Exists(file))
        {
            return Finding.Ok("none yet");
        }

        const string Remedy = "nothing by hand: the node saves what can be read at its next start and counts the rest; if it comes again, replace the SD card";
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            using SqliteCommand check = connection.CreateCommand();
            check.CommandText = "PRAGMA quick_check(1)";
            string result = check.ExecuteScalar() as string ?? "no answer";
            return result == "ok" ? Finding.Ok($"sound, {new FileInfo(file).Length >> 10} KiB") : Finding.Error($"damaged: {result.ReplaceLineEndings(" ")}", Remedy);
        }
        catch (SqliteException damaged)
        {
            return Finding.Error($"cannot be read: {damaged.Message}", Remedy);
        }
    }

    private Finding OtherNode() => running is null
        ? Finding.Ok($"none runs on {options.DataFolder}")
        : Directory.Exists(machine.PathOf($"/proc/{running.Pid}"))
            ? Finding.Warning($"a node (pid {running.Pid}) runs on {options.DataFolder}; checks that would disturb it ask it instead", $"nothing, if it is meant to run; else stop it: kill {running.Pid}")
            : Finding.Warning($"a node (pid {running.Pid}) has ended here without clearing up: killed, or the power went", "nothing: the next start clears it up");

    private Finding HttpPort()
    {
        if (options.Http.Port == 0)
        {
            return Finding.Ok("any free one");
        }

        if (running is not null && new Uri(running.HttpUrl).Port == options.Http.Port)
        {
            return Finding.Ok($"{options.Http.Port} is the running node's");
        }

        try
        {
            using var socket = new Socket(options.Http.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(options.Http.Address, options.Http.Port));
            return Finding.Ok($"{options.Http.Port} is free");
        }
        catch (SocketException taken)
        {
            return Finding.Error($"{options.Http.Address}:{options.Http.Port} cannot be listened on ({taken.Message})",
                $"set Node:Http:Port to a free port, or 0 for any; who has it: ss -ltnp 'sport = :{options.Http.Port}'");
        }
    }
}
