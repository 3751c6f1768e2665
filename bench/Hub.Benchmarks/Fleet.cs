using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Hub.Benchmarks;

/// <summary>All devices of a run: made in the registry, connected, and sending.</summary>
internal sealed class Fleet(HubAddress hub, ScaleLoad load, LoadFigures figures, TimeProvider clock) : IDisposable
{
    private const int Window = 16; // what the hub reads ahead of its acknowledgements
    private const int ConnectingAtOnce = 16;
    private const int Workers = 2;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly Tokens _tokens = new(hub, clock);
    private readonly LightDevice[] _devices = [.. Enumerable.Range(0, load.Connections).Select(index => new LightDevice($"dev-{index:00000}", Window, figures, clock))];
    private byte[]? _trusted;

    /// <summary>Creates the identities over REST.</summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        using X509Certificate2 root = X509Certificate2.CreateFromPem(hub.RootPem);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck };
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{hub.HttpsPort}/") };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", _tokens.Sign());
        await Parallel.ForEachAsync(_devices, new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = cancellationToken }, async (device, token) =>
        {
            using var body = new StringContent($$"""{"deviceId":"{{device.Id}}"}""", Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await client.PutAsync(new Uri($"devices/{device.Id}?api-version=2021-04-12", UriKind.Relative), body, token);
            answer.EnsureSuccessStatusCode();
        });
    }

    public Task ConnectAsync(CancellationToken cancellationToken)
    {
        string token = _tokens.Sign();
        return Parallel.ForEachAsync(
            _devices,
            new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = cancellationToken },
            async (device, cancel) => await device.ConnectAsync(hub, _tokens.HostName, token, Trust, cancel));
    }

    /// <summary>Sends for a round, then waits until everything is acknowledged.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer end = clock.CreateTimer(_ => time.Cancel(), null, load.Duration, Timeout.InfiniteTimeSpan);
        LightDevice[] senders = _devices[..load.Senders];
        IEnumerable<Task> work = load.Rate == 0
            ? senders.Select(device => Task.Run(() => SendFreelyAsync(device, time.Token, cancellationToken), cancellationToken))
            : Enumerable.Range(0, Workers).Select(worker => Task.Run(() => SendPacedAsync([.. senders.Where((_, index) => index % Workers == worker)], time.Token, cancellationToken), cancellationToken));
        await Task.WhenAll(work);
        for (int waited = 0; figures.Acknowledged < figures.Sent && figures.Lost == 0 && waited < 400; waited++)
        {
            await Task.Delay(Tick, clock, cancellationToken);
        }
    }

    public void Dispose() => Array.ForEach(_devices, device => device.Dispose());

    private static async Task SendFreelyAsync(LightDevice device, CancellationToken time, CancellationToken cancellationToken)
    {
        while (!time.IsCancellationRequested)
        {
            await device.SendAsync(cancellationToken);
        }
    }

    /// <summary>Every 50 ms what is due by then, spread over the devices one after the other.</summary>
    private async Task SendPacedAsync(LightDevice[] devices, CancellationToken time, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        long sent = 0;
        double perSecond = load.Rate / (double)Workers;
        while (!time.IsCancellationRequested)
        {
            for (long due = (long)(clock.GetElapsedTime(began).TotalSeconds * perSecond); sent < due && !time.IsCancellationRequested; sent++)
            {
                await devices[sent % devices.Length].SendAsync(cancellationToken);
            }

            await Task.Delay(Tick, clock, cancellationToken);
        }
    }

    /// <summary>The chain is built for the first connection; the others must show the same certificate.</summary>
    private bool Trust(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        byte[] shown = certificate!.GetRawCertData();
        if (_trusted is { } trusted)
        {
            return shown.AsSpan().SequenceEqual(trusted);
        }

        using X509Certificate2 root = X509Certificate2.CreateFromPem(hub.RootPem);
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(shown);
        using var own = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        own.ChainPolicy.CustomTrustStore.Add(root);
        bool isTrusted = own.Build(leaf);
        _trusted = isTrusted ? shown : null;
        return isTrusted;
    }
}
