using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;

namespace Node.HubClient.Tests.Support;

/// <summary>A client on a scripted transport and a virtual clock.</summary>
internal sealed class ClientRig : IDisposable
{
    public ClientRig(int window = 100, int maximumMessages = 1_000, long maximumBytes = 1 << 20, int keepAliveSeconds = 240, TimeSpan? tokenLifetime = null, DateTimeOffset? start = null, TimeSpan? confirmationTimeout = null)
    {
        Clock = new CountingTime(start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var settings = new SessionSettings
        {
            HostName = "contoso.azure-devices.net",
            DeviceId = "dev1",
            UserName = "user",
            KeepAliveSeconds = keepAliveSeconds,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            InFlightWindow = window,
            ConfirmationTimeout = confirmationTimeout ?? TimeSpan.FromSeconds(120),
            MaxQueuedMessages = maximumMessages,
            MaxQueuedBytes = maximumBytes,
        };
        var credential = new KeyCredential("scope", tokenLifetime ?? TimeSpan.FromHours(1), data => System.Security.Cryptography.SHA256.HashData(data));
        Session = new HubSession(settings, Hub, credential, Clock, new Random(1), NullLogger.Instance);
        Client = new IotHubClientLL(Session, Hub, new HubIdentity("contoso.azure-devices.net", "dev1"), new HubClientOptions { TimeProvider = Clock });
        Client.SetConnectionStatusCallback((change, _) => Statuses.Add(change));
    }

    public CountingTime Clock { get; }

    public HubSession Session { get; }

    public ScriptedTransport Hub { get; } = new();

    public IotHubClientLL Client { get; }

    public List<ConnectionStatusChange> Statuses { get; } = [];

    public List<(string Name, SendConfirmation Result)> Confirmations { get; } = [];

    public SendStatus SendStatus
    {
        get
        {
            Client.GetSendStatus(out SendStatus status);
            return status;
        }
    }

    public IEnumerable<string> PublishedPayloads => Hub.Published.Select(sent => sent.Payload);

    /// <summary>Takes the client to Connected, granting whatever it asks for.</summary>
    public ClientRig Connect()
    {
        Client.DoWork();
        Hub.Accept();
        Client.DoWork();
        if (Hub.Subscribed.Count > 0)
        {
            Hub.Grant();
            Client.DoWork();
        }

        Assert.Equal(ConnectionStatus.Authenticated, Statuses[^1].Status);
        return this;
    }

    /// <summary>Cuts the link and connects again.</summary>
    public void Reconnect()
    {
        Hub.Lose();
        Client.DoWork();
        int asked = Hub.Subscribed.Count;
        for (int turn = 0; turn < 1_000 && !Hub.IsOpen; turn++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Client.DoWork();
        }

        Hub.Accept();
        Client.DoWork();
        if (Hub.Subscribed.Count > asked)
        {
            Hub.Grant();
            Client.DoWork();
        }
    }

    public IotHubClientResult Send(string name) =>
        Client.SendEvent(new TelemetryMessage(Encoding.UTF8.GetBytes(name)), (result, context) => Confirmations.Add(((string)context!, result)), name);

    public WorkStatus Advance(TimeSpan time)
    {
        Clock.Advance(time);
        return Client.DoWork();
    }

    public void Dispose() => Client.Dispose();
}

/// <summary>A virtual clock that counts how often it is looked at.</summary>
internal sealed class CountingTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    public long Asked { get; private set; }

    public override long TimestampFrequency
    {
        get
        {
            Asked++; // Each difference of two instants asks for it.
            return base.TimestampFrequency;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        Asked++;
        return base.GetUtcNow();
    }

    public override long GetTimestamp()
    {
        Asked++;
        return base.GetTimestamp();
    }
}
