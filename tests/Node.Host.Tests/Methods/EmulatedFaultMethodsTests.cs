using System.Device.I2c;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Methods;
using Node.HubClient;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.Methods;

/// <summary>Faults that a direct method brings to the emulated chips.</summary>
public sealed class EmulatedFaultMethodsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly EmulatedBoard _board;
    private readonly EmulatedFaultMethods _methods;
    private readonly I2cDevice _climate;

    public EmulatedFaultMethodsTests()
    {
        var options = new EmulatedBoardOptions { Chips = [new EmulatedChipOptions { Chip = "BME280", Name = "climate" }, new EmulatedChipOptions { Chip = "BH1750", Name = "light" }] };
        _board = new EmulatedBoard(options, new Ambient(), _time);
        _methods = new EmulatedFaultMethods(_board);
        _climate = new EmulatedBusProvider(_board).OpenI2c(1, 0x76);
        _time.Advance(TimeSpan.FromHours(1));
    }

    private bool IsAnswered
    {
        get
        {
            try
            {
                _climate.WriteByte(0xD0);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        _climate.Dispose();
        _board.Dispose();
    }

    [Theory]
    [InlineData("\"PT10S\"")]
    [InlineData("\"10s\"")]
    [InlineData("10")]
    public async Task A_fault_acts_from_now_for_its_time(string length)
    {
        MethodResponse answer = await CallAsync("injectFault", $$"""{"kind":"noAcknowledge","chip":"climate","for":{{length}},"commandId":"a"}""");

        Assert.Equal((200, 1), (answer.Status, (int)Json(answer)["faults"]!));
        Assert.False(IsAnswered);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(IsAnswered);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(IsAnswered);
    }

    [Fact]
    public async Task A_fault_may_begin_later_and_is_cleared_before_its_end()
    {
        await CallAsync("injectFault", """{"kind":"unplug","chip":"climate","at":"PT5S"}""");
        Assert.True(IsAnswered);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(IsAnswered);

        MethodResponse answer = await CallAsync("clearFaults", null);

        Assert.Equal((200, 1), (answer.Status, (int)Json(answer)["cleared"]!));
        Assert.True(IsAnswered);
    }

    [Fact]
    public async Task What_is_over_makes_room_in_the_plan()
    {
        for (int fault = 0; fault < 3; fault++)
        {
            MethodResponse answer = await CallAsync("injectFault", """{"kind":"error","chip":"light","for":"1s"}""");
            Assert.Equal(1, (int)Json(answer)["faults"]!);
            _time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    [Theory]
    [InlineData("""{"kind":"sabotage"}""", "noAcknowledge")]
    [InlineData("""{"kind":"unplug","chip":"climat"}""", "\"climate\"")]
    [InlineData("""{"kind":"checksumErrors","chip":"climate"}""", "a BME280 sends no checksums")]
    [InlineData("""{"kind":"unplug","chip":"climate","for":"soon"}""", "$.for")]
    [InlineData("""{"kind":"unplug","chip":"climate","how":"fast"}""", "$.how")]
    [InlineData("""{"chip":"climate"}""", "$.kind")]
    [InlineData("\"unplug\"", "\"kind\":\"noAcknowledge\"")]
    [InlineData(null, "kinds are noAcknowledge")]
    public async Task A_fault_that_cannot_be_is_refused_with_the_place_and_nothing_changes(string? payload, string place)
    {
        MethodResponse answer = await CallAsync("injectFault", payload);

        Assert.Equal(400, answer.Status);
        Assert.Contains(place, (string)Json(answer)["error"]!, StringComparison.Ordinal);
        Assert.Empty(_board.Faults.Faults);
        Assert.True(IsAnswered);
    }

    private Task<MethodResponse> CallAsync(string name, string? payload) =>
        _methods.Find("", name)!.Run(new Call(payload is null ? null : JsonNode.Parse(payload), "hub", TestContext.Current.CancellationToken));

    private static JsonNode Json(MethodResponse answer) => JsonNode.Parse(Encoding.UTF8.GetString(answer.Payload.Span))!;
}
