using System.Threading.Channels;
using Amqp;

namespace HubEmulator.Amqp;

/// <summary>Gives the library's listener the connections that were accepted elsewhere. It never ends the listener's wait, because that would make it ask in a loop.</summary>
internal sealed class TransportHandover : TransportProvider
{
    /// <summary>The scheme under which the listener finds this.</summary>
    public const string Scheme = "handover";

    private readonly Channel<IAsyncTransport> _accepted = Channel.CreateUnbounded<IAsyncTransport>(); // the gateway bounds the connections

    public TransportHandover() => AddressSchemes = [Scheme];

    public void Accept(IAsyncTransport transport) => _accepted.Writer.TryWrite(transport);

    public override Task<IAsyncTransport> CreateAsync(Address address) => _accepted.Reader.ReadAsync().AsTask();
}
