using Microsoft.Extensions.Logging;
using Node.HubClient.Connection;
using Node.HubClient.Provisioning;

namespace Node.HubClient;

/// <summary>What the client logs. No template takes a token, a key or a payload.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Hub connection {From} -> {To}: {Cause}")]
    public static partial void Moved(this ILogger logger, ConnectionState from, ConnectionState to, string cause);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Registration {From} -> {To}: {Cause}")]
    public static partial void RegistrationMoved(this ILogger logger, RegistrationState from, RegistrationState to, string cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Kind} callback threw; the client goes on")]
    public static partial void CallbackThrew(this ILogger logger, string kind, Exception thrown);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Twin answer {RequestId} with status {Status} fits no request of this connection")]
    public static partial void UnknownTwinAnswer(this ILogger logger, int requestId, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message on a topic of {TopicBytes} bytes with {PayloadBytes} bytes of payload belongs to no feature; it is left aside")]
    public static partial void UnknownTopic(this ILogger logger, int topicBytes, int payloadBytes);

    [LoggerMessage(Level = LogLevel.Debug, Message = "MQTT packet {Direction}: type {Type}, {Length} bytes")]
    public static partial void Packet(this ILogger logger, string direction, int type, int length);
}
