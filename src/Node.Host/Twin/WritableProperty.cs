using System.Text.Json.Nodes;

namespace Node.Host.Twin;

/// <summary>One setting that the cloud may change.</summary>
/// <param name="Name">The property's name in the twin.</param>
/// <param name="InForce">The value in force now, in canonical form.</param>
/// <param name="Propose">Judges a desired value; null asks for the configured default.</param>
internal sealed record WritableProperty(string Name, Func<JsonNode> InForce, Func<JsonNode?, Proposal> Propose)
{
    /// <summary>Whether it is a map whose members a patch changes one by one; <see cref="Propose"/> is always given the whole map.</summary>
    public bool IsMap { get; init; }

    /// <summary>Whether what was put in force has been reached; until then it is acknowledged with 202. Default: always.</summary>
    public Func<bool> IsReached { get; init; } = static () => true;

    /// <summary>Whether something else than the twin changes it too, so that what is shown has to follow.</summary>
    public bool ChangesByItself { get; init; }
}

/// <summary>A judged desired value: either what to do, or why not.</summary>
/// <param name="Canonical">The value in the form in which it is given back; null when refused.</param>
/// <param name="Apply">Puts it in force; null when refused.</param>
/// <param name="Refusal">Value and allowed range; null when acceptable.</param>
internal readonly record struct Proposal(JsonNode? Canonical, Action? Apply, string? Refusal)
{
    public static Proposal Accept(JsonNode canonical, Action apply) => new(canonical, apply, null);

    public static Proposal Refuse(string reason) => new(null, null, reason);
}
