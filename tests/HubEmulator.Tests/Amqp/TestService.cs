using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Amqp;

/// <summary>A service on AMQPNetLite's client: without SASL unless a profile or a user is named, and with a token when asked.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly TaskCompletionSource<Error?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestService(Connection connection)
    {
        Connection = connection;
        Session = new Session(connection);
        connection.AddClosedCallback((_, error) => _ended.TrySetResult(error));
    }

    public Connection Connection { get; }

    public Session Session { get; }

    public static async Task<TestService> ConnectAsync(TestHub hub, SaslProfile? sasl = null, string? user = null, string? password = null, bool withToken = true, string? container = null)
    {
        var factory = new ConnectionFactory();
        factory.SSL.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(hub, certificate!, errors);
        factory.SASL.Profile = sasl;
        factory.AMQP.ContainerId = container ?? Guid.NewGuid().ToString();
        Connection connection = await factory.CreateAsync(new Address("localhost", hub.Hub.AmqpPort, user, password)).WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);
        var service = new TestService(connection);
        if (withToken)
        {
            Assert.Equal((200, "OK"), await service.PutTokenAsync(hub.ServiceToken()));
        }

        return service;
    }

    /// <summary>Puts a token as the SDKs do, over a pair of links of its own.</summary>
    public async Task<(int Status, string Description)> PutTokenAsync(string token, object? type = null, string operation = "put-token")
    {
        var request = new Message(token)
        {
            Properties = new Properties { MessageId = Guid.NewGuid().ToString(), To = "$cbs", ReplyTo = "cbs" },
            ApplicationProperties = new ApplicationProperties { ["operation"] = operation, ["type"] = type ?? "servicebus.windows.net:sastoken", ["name"] = "hub" },
        };
        Message answer = await AskAsync("$cbs", request);
        return ((int)answer.ApplicationProperties["status-code"], (string)answer.ApplicationProperties["status-description"]);
    }

    public async Task<Message> AskAsync(string node, Message request)
    {
        var replies = new ReceiverLink(Session, $"replies-{Guid.NewGuid():N}", node);
        var requests = new SenderLink(Session, $"requests-{Guid.NewGuid():N}", node);
        await requests.SendAsync(request).WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);
        Message answer = await replies.ReceiveAsync(TestHub.Deadline);
        Assert.Equal(request.Properties.MessageId, answer.Properties.CorrelationId);
        replies.Accept(answer);
        await requests.CloseAsync();
        await replies.CloseAsync();
        return answer;
    }

    public SenderLink OpenSender(string address = "/messages/devicebound") => new(Session, $"sender-{Guid.NewGuid():N}", address);

    /// <summary>Sends to a device.</summary>
    /// <returns>Null when it was accepted, or the error.</returns>
    public static async Task<Error?> SendAsync(SenderLink sender, Message message)
    {
        var outcome = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        sender.Send(message, (_, _, result, _) => outcome.TrySetResult(result), null);
        return await outcome.Task.WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken) switch
        {
            Accepted => null,
            Rejected rejected => rejected.Error,
            Outcome other => throw new InvalidOperationException($"Neither accepted nor rejected: {other}."),
        };
    }

    /// <summary>A reader of a partition; each argument left out stays out of the attach.</summary>
    public ReceiverLink OpenReader(string path, string? filter = null, long? level = null, uint? credit = 100)
    {
        var source = new Source { Address = path };
        if (filter is not null)
        {
            source.FilterSet = new Map
            {
                [new Symbol("apache.org:selector-filter:string")] = new DescribedValue(new Symbol("apache.org:selector-filter:string"), filter),
            };
        }

        var attach = new Attach { Source = source, Target = new Target() };
        if (level is { } epoch)
        {
            attach.Properties = new Fields { [new Symbol("com.microsoft:epoch")] = epoch };
        }

        var reader = new ReceiverLink(Session, $"reader-{Guid.NewGuid():N}", attach, null);
        if (credit is { } messages)
        {
            reader.SetCredit((int)messages, CreditMode.Manual);
        }

        return reader;
    }

    /// <summary>The error with which the hub detaches a link.</summary>
    public static Task<Error?> EndOfAsync(Link link)
    {
        var ended = new TaskCompletionSource<Error?>(TaskCreationOptions.RunContinuationsAsynchronously);
        link.AddClosedCallback((_, error) => ended.TrySetResult(error));
        return ended.Task.WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);
    }

    /// <summary>The error with which the hub ends the connection.</summary>
    public Task<Error?> EndAsync() => _ended.Task.WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        Connection.Close(TimeSpan.Zero);
        return ValueTask.CompletedTask;
    }

    private static bool IsTrusted(TestHub hub, X509Certificate certificate, SslPolicyErrors errors)
    {
        using var chain = new X509Chain { ChainPolicy = hub.Trust() };
        using X509Certificate2 presented = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(presented) && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
    }
}
