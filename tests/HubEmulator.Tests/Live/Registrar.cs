using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MQTTnet;

namespace HubEmulator.Tests.Live;

/// <summary>A device at the provisioning service: registers and polls over MQTT.</summary>
internal sealed class Registrar : IAsyncDisposable
{
    public const string AnswerFilter = "$dps/registrations/res/#";
    public const string GroupKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    public const string DerivedKey = "54CJD1fmnlkmA/A62fmzztBIge/NyTeaS5FsXXWh2q4="; // of the group's key for sn-007, a published vector
    public const string Id = "sn-007";

    private int _lastRequest;

    private Registrar(TestDevice device) => Device = device;

    public TestDevice Device { get; }

    /// <summary>Options with the group <c>group1</c>.</summary>
    public static LocalHubOptions Options => new() { IdScope = "0ne00AAAAAA", EnrolmentGroups = new Dictionary<string, string> { ["group1"] = GroupKey } };

    public static async Task<Registrar> ConnectAsync(TestHub hub, string id = Id, string key = DerivedKey, string? scope = null, string? token = null, bool subscribe = true)
    {
        string userName = $"{scope ?? hub.Hub.IdScope}/registrations/{id}/api-version=2019-03-31&ClientVersion=test%2F1.0";
        var device = await TestDevice.ConnectAsync(hub.Options(id, userName: userName, token: token ?? Token(hub, id, key, scope), clean: true).Build());
        if (subscribe)
        {
            await device.SubscribeAsync(AnswerFilter, MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce);
        }

        return new Registrar(device);
    }

    /// <summary>The options of a registering device with a certificate in place of a token.</summary>
    public static MqttClientOptions OptionsWith(TestHub hub, X509Certificate2 certificate, string id = Id) => hub
        .Options([certificate], id, userName: $"{hub.Hub.IdScope}/registrations/{id}/api-version=2019-03-31&ClientVersion=test%2F1.0").WithCleanSession(true).Build();

    public static async Task<Registrar> ConnectAsync(TestHub hub, X509Certificate2 certificate, string id = Id)
    {
        var device = await TestDevice.ConnectAsync(OptionsWith(hub, certificate, id));
        await device.SubscribeAsync(AnswerFilter, MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce);
        return new Registrar(device);
    }

    /// <summary>A token over the raw resource, as the Node SDK signs it.</summary>
    public static string Token(TestHub hub, string id, string key, string? scope = null, DateTimeOffset? expires = null, string? keyName = "registration") =>
        TestHub.Token(key, $"{scope ?? hub.Hub.IdScope}/registrations/{id}", expires ?? TimeProvider.System.GetUtcNow().AddHours(1), keyName);

    /// <summary>Asks to be assigned; the answer's topic has lost its fixed beginning: <c>202/?$rid=1&amp;retry-after=3</c>.</summary>
    public Task<(string Topic, JsonNode Body)> RegisterAsync(string body = "") =>
        AskAsync($"$dps/registrations/PUT/iotdps-register/?$rid={++_lastRequest}", body);

    public Task<(string Topic, JsonNode Body)> PollAsync(JsonNode operation) =>
        AskAsync($"$dps/registrations/GET/iotdps-get-operationstatus/?$rid={++_lastRequest}&operationId={operation["operationId"]}", " ");

    /// <summary>Registers and polls once: the way of a hub with its usual behaviour.</summary>
    public async Task<JsonNode> RegisterToTheEndAsync(string body = "") => (await PollAsync((await RegisterAsync(body)).Body)).Body;

    public ValueTask DisposeAsync() => Device.DisposeAsync();

    private async Task<(string Topic, JsonNode Body)> AskAsync(string topic, string body)
    {
        await Device.PublishAsync(topic, body);
        (string answer, string json) = await Device.NextAsync();
        Assert.StartsWith("$dps/registrations/res/", answer, StringComparison.Ordinal);
        return (answer["$dps/registrations/res/".Length..], JsonNode.Parse(json)!);
    }
}
