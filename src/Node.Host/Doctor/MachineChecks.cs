using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Node.Host.Doctor;

/// <summary>The machine itself: user, time, power, memory, heat, chance, runtime.</summary>
internal sealed class MachineChecks(MachineView machine)
{
    private const int NotSynchronised = 5; // TIME_ERROR of adjtimex(2).
    private const int Nobody = 65_534;
    private const int LeastEntropy = 128;
    private const long LeastMemoryKilobytes = 64 * 1024;
    private const double HotCelsius = 80; // A Pi throttles from there.
    private const string ThrottledFile = "/sys/devices/platform/soc/soc:firmware/get_throttled";

    public IEnumerable<DoctorCheck> All() =>
    [
        new("user", User),
        new("time-sync", TimeSync),
        new("power", Power),
        new("temperature", Temperature),
        new("memory", Memory),
        new("entropy", Entropy),
        new("runtime", Runtime),
    ];

    private Finding User()
    {
        string? line = machine.Read("/proc/self/status")?.Split('\n').FirstOrDefault(each => each.StartsWith("Uid:", StringComparison.Ordinal));
        string[] ids = line?.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries) ?? [];
        int? id = ids.Length > 2 && int.TryParse(ids[2], NumberStyles.None, CultureInfo.InvariantCulture, out int effective) ? effective : null;
        return id is null ? Finding.Ok("this system does not tell its user")
            : id == Nobody ? Finding.Error("running as 65534 (nobody): balena's supervisor deletes update locks of that user as its own leftovers",
                "give the service a user of its own: in the Dockerfile USER 1000:1000, or in docker-compose.yml user: \"1000:1000\"")
            : Finding.Ok($"user id {id}");
    }

    private Finding TimeSync()
    {
        int state = machine.ClockState();
        return state < 0 ? Finding.Ok("the kernel does not tell")
            : state == NotSynchronised ? Finding.Warning("the clock is kept by nobody; a Pi without a battery clock starts with a wrong one",
                "start a time service: sudo timedatectl set-ntp true (balenaOS does so by itself: check that UDP port 123 is let out)")
            : Finding.Ok("the clock is kept by a time service");
    }

    private Finding Power()
    {
        string? text = machine.Read(ThrottledFile);
        if (text is null || !int.TryParse(text.Replace("0x", "", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int bits))
        {
            return Finding.Ok("this machine does not tell its supply voltage");
        }

        const string Remedy = "use the official supply and a short, thick cable; measure 5 V at pins 2 and 6; give USB devices a powered hub";
        return (bits & 1) != 0 ? Finding.Error("under-voltage now", Remedy)
            : (bits & 0x10000) != 0 ? Finding.Warning("there was under-voltage since the start", Remedy)
            : Finding.Ok("no under-voltage since the start");
    }

    private Finding Temperature()
    {
        if (!int.TryParse(machine.Read("/sys/class/thermal/thermal_zone0/temp"), CultureInfo.InvariantCulture, out int thousandths))
        {
            return Finding.Ok("this machine does not tell its temperature");
        }

        double celsius = thousandths / 1000.0;
        string text = string.Create(CultureInfo.InvariantCulture, $"{celsius:0.0} °C");
        return celsius >= HotCelsius ? Finding.Warning($"{text}: the processor is slowed down", "give the board air, a heat sink or a fan") : Finding.Ok(text);
    }

    private Finding Memory()
    {
        string? line = machine.Read("/proc/meminfo")?.Split('\n').FirstOrDefault(each => each.StartsWith("MemAvailable:", StringComparison.Ordinal));
        string[] fields = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return fields.Length < 2 || !long.TryParse(fields[1], CultureInfo.InvariantCulture, out long kilobytes)
            ? Finding.Ok("this system does not tell its memory")
            : kilobytes < LeastMemoryKilobytes ? Finding.Warning($"{kilobytes / 1024} MiB available; the node needs some 50", "end what is not needed, or raise mem_limit in docker-compose.yml")
            : Finding.Ok($"{kilobytes / 1024} MiB available");
    }

    private Finding Entropy() =>
        !int.TryParse(machine.Read("/proc/sys/kernel/random/entropy_avail"), CultureInfo.InvariantCulture, out int bits) ? Finding.Ok("this system does not tell")
        : bits < LeastEntropy ? Finding.Warning($"{bits} bits of entropy: TLS may wait for more at the start", "enable the hardware generator (dtparam=random=on) or install rng-tools-debian")
        : Finding.Ok($"{bits} bits");

    private static Finding Runtime()
    {
        string text = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {(RuntimeFeature.IsDynamicCodeSupported ? "compiled as it runs" : "native")}";
        return RuntimeInformation.ProcessArchitecture == RuntimeInformation.OSArchitecture
            ? Finding.Ok(text)
            : Finding.Warning($"{text}, on {RuntimeInformation.OSArchitecture}", $"use the build for {RuntimeInformation.OSArchitecture}");
    }
}
