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
    private readonly LeftBursts _left;

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
        var folder = new BurstFolder(_node.Folder.File("bursts"));
        var uploads = new BurstUploads(_node.Client, _node.Document, () => { }, _node.Time, NullLogger.Instance);
        _method = new CaptureMethod(_sensors, folder, uploads, _node.Time, NullLogger.Instance);
        _left = new LeftBursts(folder, uploads, name => _sensors.TryFind(name, out _), _node.Time, NullLogger.Instance);
        _node.Connect();
        _node.StoreReported();
    }

    public void Dispose()
    {
        _left.Dispose();
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

    [Fact]
    public async Task A_burst_that_was_left_behind_is_uploaded_a_minute_after_the_start_and_reported_by_its_sensor()
    {
        string file = Leave("20260101T000000.000Z-vibration.wav");
        Leave("20260101T000000.000Z-unknown.wav");
        _left.Start();

        await UploadedAsync(1);
        (string name, byte[] data, UploadEnded ended) = Assert.Single(_node.Client.Uploads);
        int busy = (await CallAsync("1")).Status;
        ended(isStored: true, "");

        Assert.Equal(($"bursts/{Path.GetFileName(file)}", 4, 409), (name, data.Length, busy));
        Assert.Equal("done", (string)State()["state"]!);
        Assert.False(File.Exists(file));
        Assert.Equal(202, (await CallAsync("1")).Status);
    }

    [Fact]
    public async Task Uploads_that_fail_take_turns_with_growing_pauses_and_end_after_eight_tries_of_each()
    {
        string[] files = [Leave("20260101T000000.000Z-vibration.wav"), Leave("20260102T000000.000Z-vibration.wav")];
        _left.Start();
        var pauses = new List<TimeSpan>();
        for (int count = 1; count <= 16; count++)
        {
            DateTimeOffset before = _node.Time.GetUtcNow();
            await UploadedAsync(count);
            pauses.Add(_node.Time.GetUtcNow() - before);
            _node.Client.Uploads[count - 1].Ended(isStored: false, "the store refused");
        }

        _node.Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(16, _node.Client.Uploads.Count);
        Assert.Equal([.. Enumerable.Repeat(files.Select(static file => $"bursts/{Path.GetFileName(file)}"), 8).SelectMany(static name => name)], _node.Client.Uploads.Select(static upload => upload.Name));
        int[] minutes = [1, 2, 4, 8, 16, 32, 60, 60];
        Assert.All(minutes.Zip(pauses), static pause => Assert.True(pause.Second >= TimeSpan.FromMinutes(pause.First)));
        Assert.All(files, static file => Assert.True(File.Exists(file)));
    }

    [Theory, InlineData("0"), InlineData("601"), InlineData("\"soon\""), InlineData("""{"seconds":3}""")]
    public async Task What_cannot_be_is_refused(string payload)
    {
        Assert.Equal(400, (await CallAsync(payload)).Status);
        Assert.Null(_method.Find("climate", "capture"));
        Assert.Equal(409, (await _method.Find("vibration", "capture")!.Run(new Call(JsonNode.Parse("1"), "http", CancellationToken.None))).Status);
        Assert.Equal(["vibration*capture"], _method.Names);
    }

    private string Leave(string name)
    {
        string path = Path.Combine(Directory.CreateDirectory(_node.Folder.File("bursts")).FullName, name);
        File.WriteAllBytes(path, [1, 2, 3, 4]);
        return path;
    }

    private async Task UploadedAsync(int count)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (_node.Client.Uploads.Count < count && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            _node.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken); // the file is read by the pool, meanwhile time goes on
        }

        Assert.Equal(count, _node.Client.Uploads.Count);
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
