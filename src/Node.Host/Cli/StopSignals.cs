using System.Runtime.InteropServices;

namespace Node.Host.Cli;

/// <summary>Ctrl-C and SIGTERM from the program's first step on, before the host listens to them: a node that is told to stop while it starts ends in order.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    /// <summary>Listens.</summary>
    /// <param name="cancellationToken">Another reason to stop.</param>
    public StopSignals(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    /// <summary>Cancelled when the node is to stop.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true; // The default would end the process here and now.
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return; // A signal that came just before the last one was unregistered: the program is at its end.
        }
    }
}
