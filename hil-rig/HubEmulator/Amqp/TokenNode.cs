using Amqp;
using HubEmulator.Identity;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Amqp;

/// <summary>
/// <c>$cbs</c>: <c>put-token</c> with type, name and the token as the body, answered with a status. Several tokens may be put, and each opens what its own resource covers.
/// </summary>
internal sealed partial class TokenNode(SasVerifier verifier, ILogger log)
{
    public const string Address = "$cbs";
    private const string SasType = "servicebus.windows.net:sastoken";
    private const string HubType = "azure-devices.net:sastoken"; // what the C# SDKs of the hub call one
    private const string JwtType = "jwt"; // what the Python SDK of Event Hubs calls one

    public Message Serve(AmqpPeer peer, Message request)
    {
        if (AmqpText.Of(request.ApplicationProperties?["operation"]) != "put-token")
        {
            return RequestEndpoint.Answer(400, "The operation must be put-token.");
        }

        if (AmqpText.Of(request.ApplicationProperties?["type"]) is not (SasType or HubType or JwtType))
        {
            return RequestEndpoint.Answer(400, $"The type must be {SasType} or {HubType}.");
        }

        SasVerdict verdict = verifier.VerifyClaim(AmqpText.Of(request.Body), out SasClaim? claim);
        if (!verdict.Accepted)
        {
            LogRefused(verdict.Reason);
            return RequestEndpoint.Answer(401, "InvalidSignature: the token opens nothing at this hub.");
        }

        peer.Claims.Put(claim!);
        return RequestEndpoint.Answer(200, "OK");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A token over AMQP refused: {Reason}.")]
    private partial void LogRefused(string reason);
}
