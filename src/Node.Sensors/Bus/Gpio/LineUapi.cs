namespace Node.Sensors.Bus.Gpio;

/// <summary>
/// Numbers of the kernel's GPIO character device, version 2 (<c>linux/gpio.h</c>, since Linux 5.10): requests, sizes and places in the
/// structures, which are the same on all architectures. A test holds them against the header of the machine that it runs on.
/// </summary>
internal static class LineUapi
{
    public const int NameLength = 32;
    public const int AttributeCount = 10;

    public const uint GetChipInfo = 0x8044_B401;
    public const uint GetLineInfo = 0xC100_B405;
    public const uint GetLine = 0xC250_B407;
    public const uint SetConfig = 0xC110_B40D;
    public const uint GetValues = 0xC010_B40E;
    public const uint SetValues = 0xC010_B40F;

    /// <summary><c>struct gpiochip_info</c>.</summary>
    public const int ChipInfoLength = 68;
    public const int ChipInfoLabel = 32;
    public const int ChipInfoLines = 64;

    /// <summary><c>struct gpio_v2_line_info</c>.</summary>
    public const int LineInfoLength = 256;
    public const int LineInfoConsumer = 32;
    public const int LineInfoOffset = 64;
    public const int LineInfoFlags = 72;

    /// <summary><c>struct gpio_v2_line_config</c>.</summary>
    public const int ConfigLength = 272;
    public const int ConfigAttributeCount = 8;
    public const int ConfigAttributes = 32;
    public const int AttributeValue = 8;
    public const int AttributeMask = 16;

    /// <summary><c>struct gpio_v2_line_request</c>.</summary>
    public const int RequestLength = 592;
    public const int RequestConsumer = 256;
    public const int RequestConfig = 288;
    public const int RequestLines = 560;
    public const int RequestEventBuffer = 564;
    public const int RequestFd = 588;

    /// <summary><c>struct gpio_v2_line_values</c>: bits, mask.</summary>
    public const int ValuesLength = 16;
    public const int ValuesMask = 8;

    /// <summary><c>struct gpio_v2_line_event</c>.</summary>
    public const int EventLength = 48;
    public const int EventId = 8;
    public const int EventLineSequence = 20;

    public const uint OutputValuesAttribute = 2;
    public const uint RisingEdgeEvent = 1;

    public const ulong FlagUsed = 1 << 0;
    public const ulong FlagInput = 1 << 2;
    public const ulong FlagOutput = 1 << 3;
    public const ulong FlagRising = 1 << 4;
    public const ulong FlagFalling = 1 << 5;
    public const ulong FlagPullUp = 1 << 8;
    public const ulong FlagPullDown = 1 << 9;
}
