using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Methods;
using Node.Host.Sensing;
using Node.Host.Tests.Endurance;
using Node.Host.Tests.TestKit;
using Node.HubClient;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.Methods;

/// <summary>What chips do by themselves when they are told to: real drivers, emulated chips, virtual time.</summary>
public sealed class ChipMethodsTests : IDisposable
{
    private readonly VirtualTime _time = new(TestNode.Start);
    private readonly TestNode _node = new();
    private readonly EmulatedBoard _board;
    private readonly EmulatedBusProvider _buses;
    private readonly List<SensorChannel> _sensors = [];

    public ChipMethodsTests()
    {
        _board = new EmulatedBoard(
            new EmulatedBoardOptions { Chips = [new EmulatedChipOptions { Chip = "SCD41" }, new EmulatedChipOptions { Chip = "MPU-6050" }] }, GeneratedRoom.Create(1), _time);
        _buses = new EmulatedBusProvider(_board);
    }

    public void Dispose()
    {
        _sensors.ForEach(static sensor => sensor.Dispose());
        _buses.Dispose();
        _board.Dispose();
        _node.Dispose();
    }

    [Theory]
    [InlineData("air*selfTest", "SCD41", "")]
    [InlineData("selfTest", "SCD41", """{"sensor":"air"}""")]
    [InlineData("motion*selfTest", "MPU-6050", "null")]
    public async Task A_healthy_chip_passes_its_self_test_also_when_that_takes_longer_than_a_measurement_may(string method, string chip, string payload)
    {
        MethodResponse answer = await CallAsync(chip, TimeSpan.FromSeconds(6), method, payload);

        Assert.Equal((200, """{"passed":true}"""), Text(answer));
    }

    [Theory]
    [InlineData("420")]
    [InlineData("""{"co2":420}""")]
    [InlineData("""{"co2":420,"commandId":"c1"}""")]
    public async Task A_recalibration_answers_the_correction_and_what_is_measured_then_follows_the_reference(string payload)
    {
        _board.Ambient.CarbonDioxidePpm = Stimulus.Constant(500);
        SensorChannel air = Open("SCD41", TimeSpan.FromSeconds(30));
        for (int sample = 0; sample < 40; sample++)
        {
            await WaitAsync(air.SampleAsync(CancellationToken.None).AsTask()); // The chip wants to have measured for three minutes.
        }

        MethodResponse answer = await CallAsync(air, "air*calibrate", payload);
        await WaitAsync(air.SampleAsync(CancellationToken.None).AsTask());

        Assert.Equal(200, answer.Status);
        Assert.InRange((double)JsonNode.Parse(answer.Payload.Span)!["correction"]!, -90, -70);
        Assert.InRange(air.Status.Reading!.Values.First(value => value.Quantity.Name == "carbonDioxide").Raw, 400, 440);
    }

    [Fact]
    public async Task A_chip_that_is_gone_is_answered_with_500_and_what_helps()
    {
        _board.Faults.Add(new BusFault { Kind = BusFaultKind.NoAcknowledge, Chip = "scd41" });

        MethodResponse answer = await CallAsync("SCD41", TimeSpan.FromSeconds(30), "air*selfTest", "");

        Assert.Equal(500, answer.Status);
        Assert.Contains("0x62", Text(answer).Payload, StringComparison.Ordinal);
    }

    private static (int Status, string Payload) Text(MethodResponse answer) => (answer.Status, System.Text.Encoding.UTF8.GetString(answer.Payload.Span));

    private Task<MethodResponse> CallAsync(string chip, TimeSpan timeout, string method, string payload) => CallAsync(Open(chip, timeout), method, payload);

    private async Task<MethodResponse> CallAsync(SensorChannel sensor, string method, string payload)
    {
        using var folder = new TemporaryFolder();
        var router = new MethodRouter(
            [new SensorMethods(new SensorArray([sensor]))], new CommandLedger(folder.File("commands.json"), NullLogger.Instance), _time, NullLogger.Instance);
        var answered = new TaskCompletionSource<MethodResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        router.Invoke(new MethodCall(method, System.Text.Encoding.UTF8.GetBytes(payload)), "hub", answered.SetResult);
        await WaitAsync(answered.Task);
        return await answered.Task;
    }

    private SensorChannel Open(string chip, TimeSpan timeout)
    {
        var options = new SensorOptions { Name = chip == "SCD41" ? "air" : "motion", Chip = chip, Address = chip == "SCD41" ? 0x62 : 0x68, Timeout = timeout };
        var sensor = new SensorChannel(
            options, () => Buses.OpenSensor(options, _buses, _time), _node.Readings, new NodeClock(_time, default, TimeSpan.Zero), NullLogger.Instance, static work => work());
        _sensors.Add(sensor);
        return sensor;
    }

    private async Task WaitAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _time.Step(_time.Elapsed + TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
    }
}
