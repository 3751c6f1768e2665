using Node.Host.Hub;

namespace Node.Host.Cadence;

/// <summary>
/// Sleeps until the hub has sent something, or something waits to be sent, and calls for a turn then, so that an answer need not wait for the next one that is due.
/// One thread, which sleeps in the kernel and costs nothing meanwhile.
/// </summary>
internal sealed class HubWatch(IHubClient client, Action callForTurn, TimeProvider time) : IDisposable
{
    /// <summary>A sleep that ends sooner without a reason is that of a client that must be looked at often just now.</summary>
    public static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1); // Also how long a connection that opened meanwhile goes unwatched.

    private const int MostQuick = 50;
    private static readonly TimeSpan TurnPatience = TimeSpan.FromSeconds(1); // A call that came to nothing, as before the scheduler runs, is made again.
    private static readonly TimeSpan QuickSleep = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(10);
    private readonly AutoResetEvent _turned = new(initialState: false);
    private int _turns;
    private volatile bool _isTurning;
    private volatile bool _isStarted;
    private volatile bool _isStopped;

    /// <summary>Whether an answer is noticed as it comes.</summary>
    public bool IsWatching => _isStarted && !_isStopped;

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        _isStarted = true;
        new Thread(Run) { Name = "hub watch", IsBackground = true }.Start();
    }

    /// <summary>A turn begins.</summary>
    public void TurnBegins() => _isTurning = true;

    /// <summary>A turn has ended: whatever came before its last look was seen.</summary>
    public void TurnEnded()
    {
        _isTurning = false;
        Interlocked.Increment(ref _turns);
        _turned.Set();
    }

    /// <summary>Calls for no more turns; the thread ends with its present sleep, at the latest when the client is disposed.</summary>
    public void Dispose()
    {
        if (!_isStopped)
        {
            _isStopped = true;
            _turned.Set();
        }
    }

    private void Run()
    {
        int quick = 0;
        while (!_isStopped)
        {
            long from = time.GetTimestamp();
            bool hasWork = client.WaitForWork(LongestSleep);
            TimeSpan slept = time.GetElapsedTime(from);
            if (hasWork || slept < LongestSleep / 2)
            {
                CallForTurn();
                quick = slept < QuickSleep ? quick + 1 : 0;
                if (quick > MostQuick)
                {
                    _turned.WaitOne(Rest); // Turns that leave the work where it is: not as fast as the machine can.
                }
            }
        }
    }

    /// <summary>A turn that is under way when the work came may have seen it; what it has not seen ends the next sleep at once.</summary>
    private void CallForTurn()
    {
        int before = Volatile.Read(ref _turns);
        if (!_isTurning)
        {
            callForTurn();
        }

        while (!_isStopped && Volatile.Read(ref _turns) == before && _turned.WaitOne(TurnPatience))
        {
            // until a turn has ended
        }
    }
}
