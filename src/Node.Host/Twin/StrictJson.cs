using System.Text.Json;

namespace Node.Host.Twin;

/// <summary>How JSON from outside is read: no repeated keys, whose meaning nobody knows, and no deeper than the hub allows.</summary>
internal static class StrictJson
{
    /// <summary>The twin may be 10 levels deep below its sections.</summary>
    public static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };
}
