using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Actuation;
using Node.Host.Automation;
using Node.Host.Composition;
using Node.Host.Hub;
using Node.Host.Methods;
using Node.Host.Tests.TestKit;
using Node.Host.Upload;

namespace Node.Host.Tests.Composition;

/// <summary>Files of the data folder that are JSON and yet not what they should be: they cost what they hold, never the start.</summary>
public sealed class DamagedRecordTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("""[{"Id":null,"Fingerprint":"f","Status":200,"Payload":null}]""")]
    [InlineData("""{"climate.hot":null,"led":null}""")]
    [InlineData("""{"climate.hot":{}}""")]
    [InlineData("""{"climate.hot":{"definition":null,"since":"2026-03-01T12:00:00Z","value":1}}""")]
    [InlineData("""{"day":"2026-03-01","bytes":5}""")]
    [InlineData("""{"day":"2026-03-01","bytes":5,"earlier":null}""")]
    [InlineData("""{"pid":1}""")]
    [InlineData("""{"hostName":null}""")]
    public void They_are_forgotten_and_everything_goes_on(string content)
    {
        using var folder = new TemporaryFolder();
        foreach (string file in (string[])["commands.json", AlarmRecord.FileName, "actuators.json", TrafficRecord.FileName, "assignment.json", "node.json"])
        {
            File.WriteAllText(folder.File(file), content);
        }

        var commands = new CommandLedger(folder.File("commands.json"), NullLogger.Instance);
        var alarms = new AlarmRecord(folder.Path, NullLogger.Instance);
        _ = new ActuatorRecord(folder.File("actuators.json"), NullLogger.Instance).WhyDisarmed("led");
        TrafficRecord? traffic = TrafficRecord.Read(folder.File(TrafficRecord.FileName), out _);

        Assert.True(commands.TryBegin("id", "f", durable: true, out _, out _));
        Assert.Null(alarms.Find("climate", new Threshold("hot", "temperature", IsAbove: true, 30)));
        Assert.True(traffic is null or { Earlier: not null });
        Assert.Null(HubAssignment.Read(folder.File("assignment.json")));
        Assert.Null(RunningNode.Read(folder.Path));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"led":null}""")]
    [InlineData("""{"led":5}""")]
    public void An_actuators_record_that_says_nothing_leaves_it_to_be_armed(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("actuators.json"), content);

        Assert.StartsWith("the record of the last run cannot be read", new ActuatorRecord(folder.File("actuators.json"), NullLogger.Instance).WhyDisarmed("led"), StringComparison.Ordinal);
    }
}
