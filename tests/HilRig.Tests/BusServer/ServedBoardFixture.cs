using HilRig.Bench;
using HilRig.BusServer;
using HilRig.Scenarios;
using Node.Sensors.Bus.Remote;

namespace HilRig.Tests.BusServer;

/// <summary>A board with every chip, served on a socket of its own, and connections to it.</summary>
internal sealed class ServedBoardFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new("hilrig-bus-");

    public ServedBoardFixture(string? address = null)
    {
        RemoteBusEndpoint endpoint = address is null ? ServedBoard.SocketIn(_folder.Path) : ServedBoard.Parse(address);
        Served = ServedBoard.Start(BoardSource.Open(null, seed: 1, new Stimulus(), TimeProvider.System), endpoint, TimeProvider.System, Told.Add);
    }

    public ServedBoard Served { get; }

    /// <summary>What the server said about peers.</summary>
    public System.Collections.Concurrent.BlockingCollection<string> Told { get; } = [];

    public RemoteBusProvider Connect(TimeSpan? timeout = null) => new(
        new RemoteBusOptions
        {
            Endpoint = Served.Endpoint,
            RequestTimeout = timeout ?? TimeSpan.FromSeconds(30),
            FirstPause = TimeSpan.FromMilliseconds(1),
            LongestPause = TimeSpan.FromMilliseconds(20),
        },
        TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await Served.DisposeAsync();
        _folder.Dispose();
    }
}
