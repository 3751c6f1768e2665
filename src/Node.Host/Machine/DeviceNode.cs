namespace Node.Host.Machine;

/// <summary>What a device node is for.</summary>
internal enum DeviceKind
{
    I2c,
    Spi,
    Gpio,
}

/// <summary>A device node that is missing or cannot be used: what is wrong and the exact lines that help.</summary>
internal static class DeviceNode
{
    public static string I2c(int bus) => $"/dev/i2c-{bus}";

    public static string Spi(int bus, int chipSelect) => $"/dev/spidev{bus}.{chipSelect}";

    /// <summary>What an errno at opening <paramref name="path"/> means, and what to do about it.</summary>
    public static (string Problem, string Remedy) Explain(DeviceKind kind, string path, int errno) => errno switch
    {
        LinuxCalls.NoEntry or LinuxCalls.NoSuchDevice => ($"{path} does not exist",
            $"enable it: {Enable(kind, path)}; in a container also add to the service: devices: [\"{path}:{path}\"]"),
        LinuxCalls.AccessDenied or LinuxCalls.PermissionDenied => ($"{path} may not be opened by this user",
            $"add the user to the group: sudo usermod -aG {Group(kind)} $USER; in a container add: group_add: [\"{Group(kind)}\"] and devices: [\"{path}:{path}\"]; "
            + $"in a systemd unit: SupplementaryGroups={Group(kind)}"),
        LinuxCalls.Busy => ($"{path} is in use by another program or driver",
            $"end the other program (sudo fuser -v {path}), or remove the dtoverlay whose driver has taken it"),
        _ => ($"{path} cannot be opened (errno {errno})", $"look at the kernel's messages: dmesg | grep -i {Group(kind)}"),
    };

    private static string Group(DeviceKind kind) => kind switch
    {
        DeviceKind.I2c => "i2c",
        DeviceKind.Spi => "spi",
        _ => "gpio",
    };

    private static string Enable(DeviceKind kind, string path) => kind switch
    {
        DeviceKind.I2c when path == I2c(1) => "dtparam=i2c_arm=on in config.txt (balena: BALENA_HOST_CONFIG_dtparam = \"i2c_arm=on\",\"spi=on\")",
        DeviceKind.I2c when path == I2c(0) => "dtparam=i2c_vc=on in config.txt (balena: BALENA_HOST_CONFIG_dtparam = \"i2c_vc=on\",\"i2c_arm=on\")",
        DeviceKind.I2c => $"dtoverlay=i2c{path["/dev/i2c-".Length..]} in config.txt (balena: BALENA_HOST_CONFIG_dtoverlay = \"i2c{path["/dev/i2c-".Length..]}\")",
        DeviceKind.Spi when path.StartsWith("/dev/spidev0.", StringComparison.Ordinal) =>
            "dtparam=spi=on in config.txt (balena: BALENA_HOST_CONFIG_dtparam = \"i2c_arm=on\",\"spi=on\")",
        DeviceKind.Spi => $"dtoverlay=spi{path["/dev/spidev".Length]}-{path[^1] - '0' + 1}cs in config.txt",
        _ => "run on a Raspberry Pi whose kernel has GPIO character devices (4.8 or newer)",
    };
}
