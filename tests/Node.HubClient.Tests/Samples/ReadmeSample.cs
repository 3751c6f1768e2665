namespace Node.HubClient.Tests.Samples;

/// <summary>The README's C# programs, compiled here; <see cref="ReadmeSampleTests"/> keeps them equal.</summary>
internal static class ReadmeSample
{
    public static void AgainstTheLocalHub()
    {
        // begin
        var options = new HubClientOptions { TrustedRootsPem = File.ReadAllText(Environment.GetEnvironmentVariable("HUB_CA")!) };
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString(Environment.GetEnvironmentVariable("DEVICE")!, options);
        SendConfirmation? confirmation = null;
        client.SendEvent(new TelemetryMessage("""{"temperature":21.5}"""u8.ToArray()), (result, _) => confirmation = result);
        for (WorkStatus work = client.DoWork(); confirmation is null; work = client.DoWork())
        {
            client.WaitForWork(work.NextDue);
        }

        // end
    }

    public static void Alone(string connectionString)
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
