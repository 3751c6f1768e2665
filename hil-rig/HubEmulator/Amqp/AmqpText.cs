using System.Text;
using Amqp.Types;

namespace HubEmulator.Amqp;

/// <summary>Texts as clients send them: as a string, as a symbol, or, from the Python SDKs, as the bytes of one.</summary>
internal static class AmqpText
{
    /// <returns>Null when it is none of these.</returns>
    public static string? Of(object? value) => value switch
    {
        string text => text,
        Symbol symbol => symbol.ToString(),
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => null,
    };
}
