using System.Text;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>What a hub does about twins and methods, played by hand on a rig.</summary>
internal static class HubSide
{
    public const string DevicePrefix = "devices/dev1/messages/devicebound/";
    private const string GetPrefix = "$iothub/twin/GET/";
    private const string ReportedPrefix = "$iothub/twin/PATCH/properties/reported/";

    /// <summary>A whole twin whose desired section has this version.</summary>
    public static string Twin(long version) => $$$"""{"desired":{"$version":{{{version}}}},"reported":{"$version":1}}""";

    /// <summary>How often the whole twin was asked for.</summary>
    public static int TwinGets(this ClientRig rig) => rig.Hub.Published.Count(sent => sent.Topic.StartsWith(GetPrefix, StringComparison.Ordinal));

    /// <summary>The reported patches that went out, repetitions included.</summary>
    public static string[] ReportedPatches(this ClientRig rig) => [.. Reported(rig).Select(sent => sent.Payload)];

    /// <summary>Answers the latest request for the whole twin.</summary>
    public static void AnswerGet(this ClientRig rig, int status, string body)
    {
        string request = rig.Hub.Published.Last(sent => sent.Topic.StartsWith(GetPrefix, StringComparison.Ordinal)).Topic;
        rig.Hub.Arrive($"$iothub/twin/res/{status}/?{request.Split('?')[1]}", body);
        rig.Client.DoWork();
    }

    /// <summary>Answers one transmission of a reported patch, counted from 0.</summary>
    public static void AnswerReported(this ClientRig rig, int index, int status)
    {
        rig.Hub.Arrive($"$iothub/twin/res/{status}/?{Reported(rig)[index].Topic.Split('?')[1]}&$version=2", "");
        rig.Client.DoWork();
    }

    /// <summary>Pushes a change of one desired property.</summary>
    public static void Push(this ClientRig rig, long version)
    {
        rig.Hub.Arrive($"$iothub/twin/PATCH/properties/desired/?$version={version}", $$"""{"n":{{version}},"$version":{{version}}}""");
        rig.Client.DoWork();
    }

    /// <summary>Calls a direct method.</summary>
    public static void Call(this ClientRig rig, string name, string requestId)
    {
        rig.Hub.Arrive($"$iothub/methods/POST/{name}/?$rid={requestId}", "{}");
        rig.Client.DoWork();
    }

    /// <summary>Grants what was asked for last.</summary>
    public static void Grant(this ClientRig rig)
    {
        rig.Hub.Grant();
        rig.Client.DoWork();
    }

    /// <summary>Confirms everything published with QoS 1 since <paramref name="from"/>.</summary>
    public static void ConfirmFrom(this ClientRig rig, int from)
    {
        foreach (ScriptedTransport.SentPublish sent in rig.Hub.Published.Skip(from).Where(sent => sent.PacketId != 0).ToArray())
        {
            rig.Hub.Confirm(sent.PacketId);
        }

        rig.Client.DoWork();
    }

    /// <summary>Keeps the twin updates that a client hands on.</summary>
    public static List<(TwinUpdateState State, string Json)> KeepTwin(this ClientRig rig)
    {
        var updates = new List<(TwinUpdateState, string)>();
        rig.Client.SetDeviceTwinCallback((state, json, _) => updates.Add((state, Encoding.UTF8.GetString(json))));
        return updates;
    }

    /// <summary>Turns once each <paramref name="period"/>, a second by default, until the retry schedule has made another attempt.</summary>
    public static void WaitForAttempt(this ClientRig rig, TimeSpan? period = null)
    {
        rig.Client.DoWork();
        for (int turn = 0; turn < 10_000 && !rig.Hub.IsOpen; turn++)
        {
            rig.Advance(period ?? TimeSpan.FromSeconds(1));
        }

        Assert.True(rig.Hub.IsOpen, "no further attempt");
    }

    private static ScriptedTransport.SentPublish[] Reported(ClientRig rig) =>
        [.. rig.Hub.Published.Where(sent => sent.Topic.StartsWith(ReportedPrefix, StringComparison.Ordinal))];
}
