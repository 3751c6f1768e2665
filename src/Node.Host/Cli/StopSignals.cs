using System.Runtime.InteropServices;

namespace Node.Host.Cli;

/// <summary>
/// What ends a node, from its first moment on: the host itself listens to signals only once it is up. Until then SIGHUP, which reloads a node that is up, does nothing.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _told;
    private bool _isOver;
    private readonly List<PosixSignalRegistration> _heard = [];

    /// <param name="cancellationToken">Ends the node too.</param>
    public StopSignals(CancellationToken cancellationToken)
    {
        _told = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            _heard.Add(PosixSignalRegistration.Create(signal, heard =>
            {
                heard.Cancel = true; // The process ends by itself, in order.
                Tell();
            }));
        }

        _heard.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, static heard => heard.Cancel = true));
    }

    /// <summary>Cancelled once the node is told to stop.</summary>
    public CancellationToken Token => _told.Token;

    public void Dispose()
    {
        _heard.ForEach(static heard => heard.Dispose());
        lock (_gate)
        {
            _isOver = true;
        }

        _told.Dispose();
    }

    /// <summary>A signal that was under way when the listening ended says nothing any more.</summary>
    private void Tell()
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _told.Cancel();
            }
        }
    }
}
