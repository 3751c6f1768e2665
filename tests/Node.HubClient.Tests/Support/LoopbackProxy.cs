using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Node.HubClient.Tests.Support;

/// <summary>An HTTP proxy on loopback that knows CONNECT alone; every target is a port of this machine.</summary>
internal sealed class LoopbackProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tunnels = [];
    private readonly Task _accepting;

    public LoopbackProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Status line and headers to answer with; the tunnel stands when it says 200.</summary>
    public string Answer { get; init; } = "HTTP/1.1 200 Connection established\r\n\r\n";

    public List<string> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_tunnels);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _tunnels.Add(TunnelAsync(client));
            }
            catch (Exception over) when (over is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using TcpClient near = client;
        using var far = new TcpClient();
        try
        {
            NetworkStream stream = near.GetStream();
            string request = await ReadHeadAsync(stream);
            Requests.Add(request);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer), _stop.Token);
            if (Answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            {
                string authority = request.Split(' ')[1];
                await far.ConnectAsync(IPAddress.Loopback, int.Parse(authority.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture), _stop.Token);
                await Task.WhenAny(stream.CopyToAsync(far.GetStream(), _stop.Token), far.GetStream().CopyToAsync(stream, _stop.Token));
            }
        }
        catch (Exception over) when (over is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Requests.Add("(closed)");
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) > 0)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
