using System.Text;
using System.Text.Json.Nodes;
using Node.HubClient;

namespace Node.Host.Methods;

/// <summary>The answers that all commands share; statuses have their HTTP meaning.</summary>
internal static class MethodAnswers
{
    public static MethodResponse Ok(JsonObject payload) => With(200, payload);

    /// <summary>Begun; the outcome shows in a reported property.</summary>
    public static MethodResponse Begun(JsonObject payload) => With(202, payload);

    public static MethodResponse BadPayload(string reason) => Error(400, reason);

    public static MethodResponse Error(int status, string reason) => With(status, new JsonObject { ["error"] = reason });

    public static MethodResponse With(int status, JsonObject payload) => new(status, Encoding.UTF8.GetBytes(payload.ToJsonString()));
}
