using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Node.Sensors.Bus.Gpio;

namespace Node.Sensors.Tests.Bus.Gpio;

/// <summary>The numbers of the interface, against the kernel header of this machine.</summary>
public sealed class LineUapiTests
{
    private static readonly (string Expression, long Value)[] Numbers =
    [
        ("GPIO_GET_CHIPINFO_IOCTL", LineUapi.GetChipInfo),
        ("GPIO_V2_GET_LINEINFO_IOCTL", LineUapi.GetLineInfo),
        ("GPIO_V2_GET_LINE_IOCTL", LineUapi.GetLine),
        ("GPIO_V2_LINE_SET_CONFIG_IOCTL", LineUapi.SetConfig),
        ("GPIO_V2_LINE_GET_VALUES_IOCTL", LineUapi.GetValues),
        ("GPIO_V2_LINE_SET_VALUES_IOCTL", LineUapi.SetValues),
        ("GPIO_MAX_NAME_SIZE", LineUapi.NameLength),
        ("GPIO_V2_LINE_NUM_ATTRS_MAX", LineUapi.AttributeCount),
        ("sizeof(struct gpiochip_info)", LineUapi.ChipInfoLength),
        ("offsetof(struct gpiochip_info, label)", LineUapi.ChipInfoLabel),
        ("offsetof(struct gpiochip_info, lines)", LineUapi.ChipInfoLines),
        ("sizeof(struct gpio_v2_line_info)", LineUapi.LineInfoLength),
        ("offsetof(struct gpio_v2_line_info, consumer)", LineUapi.LineInfoConsumer),
        ("offsetof(struct gpio_v2_line_info, offset)", LineUapi.LineInfoOffset),
        ("offsetof(struct gpio_v2_line_info, flags)", LineUapi.LineInfoFlags),
        ("sizeof(struct gpio_v2_line_config)", LineUapi.ConfigLength),
        ("offsetof(struct gpio_v2_line_config, num_attrs)", LineUapi.ConfigAttributeCount),
        ("offsetof(struct gpio_v2_line_config, attrs)", LineUapi.ConfigAttributes),
        ("offsetof(struct gpio_v2_line_config_attribute, attr.values)", LineUapi.AttributeValue),
        ("offsetof(struct gpio_v2_line_config_attribute, mask)", LineUapi.AttributeMask),
        ("sizeof(struct gpio_v2_line_request)", LineUapi.RequestLength),
        ("offsetof(struct gpio_v2_line_request, consumer)", LineUapi.RequestConsumer),
        ("offsetof(struct gpio_v2_line_request, config)", LineUapi.RequestConfig),
        ("offsetof(struct gpio_v2_line_request, num_lines)", LineUapi.RequestLines),
        ("offsetof(struct gpio_v2_line_request, event_buffer_size)", LineUapi.RequestEventBuffer),
        ("offsetof(struct gpio_v2_line_request, fd)", LineUapi.RequestFd),
        ("sizeof(struct gpio_v2_line_values)", LineUapi.ValuesLength),
        ("offsetof(struct gpio_v2_line_values, mask)", LineUapi.ValuesMask),
        ("sizeof(struct gpio_v2_line_event)", LineUapi.EventLength),
        ("offsetof(struct gpio_v2_line_event, id)", LineUapi.EventId),
        ("offsetof(struct gpio_v2_line_event, line_seqno)", LineUapi.EventLineSequence),
        ("GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES", LineUapi.OutputValuesAttribute),
        ("GPIO_V2_LINE_EVENT_RISING_EDGE", LineUapi.RisingEdgeEvent),
        ("GPIO_V2_LINE_FLAG_USED", (long)LineUapi.FlagUsed),
        ("GPIO_V2_LINE_FLAG_INPUT", (long)LineUapi.FlagInput),
        ("GPIO_V2_LINE_FLAG_OUTPUT", (long)LineUapi.FlagOutput),
        ("GPIO_V2_LINE_FLAG_EDGE_RISING", (long)LineUapi.FlagRising),
        ("GPIO_V2_LINE_FLAG_EDGE_FALLING", (long)LineUapi.FlagFalling),
        ("GPIO_V2_LINE_FLAG_BIAS_PULL_UP", (long)LineUapi.FlagPullUp),
        ("GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN", (long)LineUapi.FlagPullDown),
    ];

    [Fact]
    public void Every_number_is_the_kernel_headers()
    {
        string folder = Directory.CreateTempSubdirectory("gpio-uapi-").FullName;
        try
        {
            string source = Path.Combine(folder, "numbers.c");
            string program = Path.Combine(folder, "numbers");
            File.WriteAllText(source, "#include <stdio.h>\n#include <stddef.h>\n#include <sys/ioctl.h>\n#include <linux/gpio.h>\nint main(void) {\n"
                + string.Concat(Numbers.Select(number => $"printf(\"%lld\\n\", (long long)({number.Expression}));\n")) + "return 0; }\n");
            Assert.SkipUnless(TryRun("gcc", [source, "-o", program], out _), "Needs gcc and the kernel's headers of 5.10 or newer.");

            Assert.True(TryRun(program, [], out string output));

            Assert.Equal(
                Numbers.Select(number => $"{number.Expression} {number.Value}"),
                output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => $"{Numbers[i].Expression} {long.Parse(line, CultureInfo.InvariantCulture)}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool TryRun(string program, string[] arguments, out string output)
    {
        output = "";
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors.GetAwaiter().GetResult();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
