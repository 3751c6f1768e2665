using System.Text.Json.Nodes;
using Node.Host.Twin;
using Node.Sensors.Bus;

namespace Node.Host.Tests.TestKit;

/// <summary>What tests ask of a node over and over.</summary>
internal static class Failures
{
    public static SensorException Nack() => new(SensorFault.NoAcknowledge, "nothing acknowledges");
}

internal static class TestNodeExtensions
{
    /// <summary>The reported section as the hub would hold it after every patch so far.</summary>
    public static JsonObject Reported(this TestNode node)
    {
        var held = new JsonObject();
        node.Client.Reported.ForEach(patch => MergePatch.Apply(held, patch));
        return held;
    }
}
