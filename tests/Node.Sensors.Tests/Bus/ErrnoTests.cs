using System.Runtime.InteropServices;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Bus;

public sealed class ErrnoTests
{
    public static TheoryData<int, SensorFault, bool> Mapping => new()
    {
        { 121, SensorFault.NoAcknowledge, true },
        { 6, SensorFault.NoAcknowledge, true },
        { 110, SensorFault.Timeout, true },
        { 11, SensorFault.ArbitrationLost, true },
        { 5, SensorFault.BusFailure, true },
        { 77, SensorFault.BusFailure, true },
        { 2, SensorFault.BusUnavailable, false },
        { 13, SensorFault.BusUnavailable, false },
        { 95, SensorFault.BusUnavailable, false },
    };

    [Theory, MemberData(nameof(Mapping))]
    public void An_errno_left_by_the_call_decides_when_the_text_names_none(int errno, SensorFault fault, bool retryMayHelp)
    {
        Marshal.SetLastPInvokeError(errno);
        SensorException translated = Errno.DuringTransfer(new IOException("Worded in some other way."), "I2C bus 1 address 0x76");

        Assert.Equal(fault, translated.Fault);
        Assert.Equal(retryMayHelp, translated.RetryMayHelp);
        Assert.StartsWith("I2C bus 1 address 0x76: ", translated.Message, StringComparison.Ordinal);
        Assert.EndsWith($"(errno {errno}).", translated.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Mapping))]
    public void The_number_in_the_text_decides_even_when_the_errno_was_overwritten(int errno, SensorFault fault, bool retryMayHelp)
    {
        Marshal.SetLastPInvokeError(22);
        SensorException translated = Errno.DuringTransfer(new IOException($"Error {errno} (some text) performing I2C data transfer."), "here");

        Assert.Equal(fault, translated.Fault);
        Assert.Equal(retryMayHelp, translated.RetryMayHelp);
    }

    [Theory, InlineData("Error "), InlineData("Error x"), InlineData(""), InlineData("Error 99999999999999999999"), InlineData("121")]
    public void A_failure_that_says_nothing_is_a_bus_failure_without_number(string text)
    {
        Errno.Clear();
        SensorException translated = Errno.DuringTransfer(new IOException(text), "here");

        Assert.Equal(SensorFault.BusFailure, translated.Fault);
        Assert.DoesNotContain("errno", translated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_emulated_bus_throws_what_the_library_throws()
    {
        Errno.Clear();
        IOException failure = EmulatedBusError.Transfer(121);

        Assert.Equal(121, Marshal.GetLastPInvokeError());
        Assert.StartsWith("Error 121 (", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(") performing I2C data transfer.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(new IOException().HResult, failure.HResult);
        Assert.Null(failure.InnerException);
    }
}
