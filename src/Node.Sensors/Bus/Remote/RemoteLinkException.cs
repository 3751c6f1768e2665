using System.Net.Sockets;

namespace Node.Sensors.Bus.Remote;

/// <summary>The other end of a remote bus cannot be reached, does not answer or does not keep to the protocol. The next request connects anew.</summary>
internal sealed class RemoteLinkException : IOException
{
    private RemoteLinkException(string message, Exception? innerException, bool isRefusal)
        : base(message, innerException)
    {
        IsRefusal = isRefusal;
    }

    /// <summary>Whether the other end speaks and does not want this peer, so that waiting does not help.</summary>
    public bool IsRefusal { get; }

    public static RemoteLinkException Unreachable(RemoteBusEndpoint endpoint, SocketException failure) =>
        new($"remote bus {endpoint}: nobody serves it ({failure.SocketErrorCode}); start it with 'hilrig bus serve --listen {endpoint}', or correct Node:Bus:Remote.", failure, isRefusal: false);

    public static RemoteLinkException Lost(RemoteBusEndpoint endpoint, Exception? failure = null) =>
        new($"remote bus {endpoint}: the connection was lost in the middle of a request, so it may or may not have reached the chip; the next one connects anew.", failure, isRefusal: false);

    public static RemoteLinkException Silent(RemoteBusEndpoint endpoint, TimeSpan limit) =>
        new($"remote bus {endpoint}: no answer within {limit.TotalSeconds:0.###} s; look whether the server hangs. The next request connects anew.", null, isRefusal: false);

    public static RemoteLinkException Garbled(RemoteBusEndpoint endpoint, string what) =>
        new($"remote bus {endpoint}: what answers there does not speak the protocol ({what}); check the address.", null, isRefusal: true);

    public static RemoteLinkException Refused(RemoteBusEndpoint endpoint, string text) =>
        new($"remote bus {endpoint}: {text}", null, isRefusal: true);
}
