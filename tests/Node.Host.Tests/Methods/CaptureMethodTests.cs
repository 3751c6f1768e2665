using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Methods;
using Node.Host.Sensing;
using Node.Host.Tests.TestKit;
using Node.HubClient;
using Node.Sensors.Emulation;
using Node.Sensors.Signals;

namespace Node.Host.Tests.Methods;

/// <summary>Bursts of an emulated ADXL345 on the node's virtual time.</summary>
public sealed class CaptureMethodTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestNode _node = new();
    private readonly EmulatedBoard _board;
    private readonly EmulatedBusProvider _buses;
    private readonly SensorArray _sensors;
    private readonly CaptureMethod _method;

    public CaptureMethodTests()
    {
        _board = new EmulatedBoard(new EmulatedBoardOptions { Chips = [new EmulatedChipOptions { Chip = "ADXL345", InterruptPin = 24 }] }, new Ambient(), _node.Time);
        _buses = new EmulatedBusProvider(_board);
        var options = new SensorOptions
        {
            Name = "vibration",
            Chip = "ADXL345Vibration",
            ChipSelect = 0,
            ChipOptions = new Dictionary<string, string> { ["Pin"] = "24", ["Rate"] = "Hz100", ["WindowLength"] = "64" },
        };
        _sensors = new SensorArray([new SensorChannel(
            options, () => Buses.OpenSensor(options, _buses, _node.Time), _node.Readings, _node.Clock, NullLogger.Instance), _node.Climate]);
        _method = new CaptureMethod(_sensors, new BurstFolder(_node.Folder.File("bursts")), _node.Client, _node.Document, () => { }, _node.Time, NullLogger.Instance);
        _node.Connect();
        _node.StoreReported();
    }

    public void Dispose()
    {
        _sensors.Dispose();
        _buses.Dispose();
        _board.Dispose();
        _node.Dispose();
    }

    [Fact]
    public async Task A_burst_is_recorded_uploaded_reported_and_its_file_removed_when_the_hub_has_it()
    {
        MethodResponse begun = await CallAsync("""{"duration":"PT1S"}""");
        MethodResponse second = await CallAsync("1");
        string recording = (string)State()["state"]!;
        await UntilAsync(() => _node.Client.Uploads.Count > 0);
        (string name, byte[] data, UploadEnded ended) = Assert.Single(_node.Client.Uploads);
        JsonObject uploading = State();
        string file = Assert.Single(Directory.GetFiles(_node.Folder.File("bursts")));

        ended(isStored: true, "");

        Assert.Equal((202, 409, "recording", "uploading"), (begun.Status, second.Status, recording, (string)uploading["state"]!));
        Assert.Equal($"bursts/{Path.GetFileName(file)}", name);
        Assert.Equal(("RIFF", 100, data.Length), (Encoding.ASCII.GetString(data, 0, 4), (int)uploading["samples"]!, (int)uploading["bytes"]!));
        Assert.Equal("done", (string)State()["state"]!);
        Assert.False(File.Exists(file));
        Assert.Equal(202, (await CallAsync("1")).Status);
    }

    [Fact]
    public async Task An_upload_that_fails_is_reported_and_its_file_stays()
    {
        await CallAsync("0.5");
        await UntilAsync(() => _node.Client.Uploads.Count > 0);
        (_, _, UploadEnded ended) = _node.Client.Uploads[0];

        ended(isStored: false, "the store refused");

        Assert.Equal(("failed", "the store refused"), ((string)State()["state"]!, (string)State()["detail"]!));
        Assert.Single(Directory.GetFiles(_node.Folder.File("bursts"), "*.wav"));
    }

    [Fact]
    public async Task A_chip_that_fails_meanwhile_is_reported_and_the_next_burst_may_begin()
    {
        _board.Faults.Add(new BusFault { Chip = "adxl345", Kind = BusFaultKind.Error });

        await CallAsync("1");
        await UntilAsync(() => (string?)State()["state"] != "recording");

        Assert.Equal("failed", (string)State()["state"]!);
        Assert.NotEmpty((string)State()["detail"]!);
        Assert.Equal(202, (await CallAsync("1")).Status);
    }

    [Fact]
    public async Task Scheduled_samples_are_left_out_while_a_burst_is_recorded()
    {
        await CallAsync("2");

        await _sensors.Channels[0].SampleAsync(TestContext.Current.CancellationToken); // would wait for the burst otherwise

        Assert.Equal(SensorState.Starting, _sensors.Channels[0].Status.State);
        await UntilAsync(() => _node.Client.Uploads.Count > 0);
    }

    [Theory, InlineData("0"), InlineData("601"), InlineData("\"soon\""), InlineData("""{"seconds":3}""")]
    public async Task What_cannot_be_is_refused(string payload)
    {
        Assert.Equal(400, (await CallAsync(payload)).Status);
        Assert.Null(_method.Find("climate", "capture"));
        Assert.Equal(409, (await _method.Find("vibration", "capture")!.Run(new Call(JsonNode.Parse("1"), "http", CancellationToken.None))).Status);
        Assert.Equal(["vibration*capture"], _method.Names);
    }

    private Task<MethodResponse> CallAsync(string payload) => _method.Find("vibration", "capture")!.Run(new Call(JsonNode.Parse(payload), "hub", CancellationToken.None));

    private JsonObject State()
    {
        for (int round = 0; round < 3; round++)
        {
            _node.Loop.Turn();
            _node.StoreReported();
        }

        return _node.Reported()["vibration"]!["captureProgress"]!.AsObject();
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!condition() && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            _node.Time.Advance(TimeSpan.FromMilliseconds(2));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.True(condition(), State().ToJsonString());
    }
}
