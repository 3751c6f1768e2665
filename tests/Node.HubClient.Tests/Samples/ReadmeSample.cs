namespace Node.HubClient.Tests.Samples;

/// <summary>The README's program, compiled here; <see cref="ReadmeSampleTests"/> keeps the two equal.</summary>
internal static class ReadmeSample
{
    public static void Run(string connectionString)
    {
        // begin
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString(connectionString);
        client.SetConnectionStatusCallback((change, _) => Console.WriteLine($"{change.Status}: {change.Detail}"));
        client.SendEvent(
            new TelemetryMessage("""{"temperature":21.5}"""u8.ToArray()) { ContentType = "application/json", ContentEncoding = "utf-8" },
            (result, _) => Console.WriteLine($"confirmed: {result}"));
        while (client.GetSendStatus(out SendStatus status) is IotHubClientResult.Ok && status is SendStatus.Busy)
        {
            client.DoWork(); // at your cadence; the answer says when the next call pays
        }

        // end
    }
}
