namespace Node.Sensors.Tests.Machine;

/// <summary>A folder that holds the files of a Raspberry Pi 4 in the kernel's own formats; removed with the test.</summary>
internal sealed class PiFiles : IDisposable
{
    public PiFiles(bool isPi = true)
    {
        Root = Directory.CreateTempSubdirectory("pi-files-").FullName;
        Write("proc/loadavg", "0.52 0.58 1.25 2/345 6789\n");
        Write("proc/uptime", "350735.47 1234567.89\n");
        Write("proc/meminfo", "MemTotal:        3884352 kB\nMemFree:          512000 kB\nMemAvailable:    2913264 kB\nBuffers:           60000 kB\n");
        Stat("cpu  1000 50 450 8000 500 0 0 0 0 0");
        if (isPi) { WritePi(); }
    }

    public string Root { get; }

    public void Stat(string totals) => Write("proc/stat", totals + "\ncpu0 250 0 100 2000 100 0 0 0 0 0\nintr 1 2 3\nctxt 99\n");

    public void Write(string path, string text)
    {
        string full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public void Delete(string path) => File.Delete(Path.Combine(Root, path));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void WritePi()
    {
        Write("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
        Write("sys/class/thermal/thermal_zone0/temp", "48312\n");
        Write("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
        Write("proc/net/route",
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
            + "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\nwlan0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0\n");
        Write("proc/net/wireless",
            "Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE\n"
            + " face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22\n"
            + " wlan0: 0000   56.  -54.  -256        0      0      0      0      0        0\n");
        Write("sys/class/net/wlan0/operstate", "up\n");
        Write("sys/class/net/wlan0/carrier", "1\n");
        Write("sys/class/net/wlan0/speed", "-1\n");
        Write("sys/class/net/wlan0/statistics/rx_bytes", "104857600\n");
        Write("sys/class/net/wlan0/statistics/tx_bytes", "524288\n");
        Write("sys/class/net/eth0/operstate", "up\n");
        Write("sys/class/net/eth0/carrier", "1\n");
        Write("sys/class/net/eth0/speed", "1000\n");
    }
}
