using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Node.HubClient;

namespace Node.Host.Twin;

/// <summary>
/// Puts desired properties in force and answers each: whole twins at every connect, patches in between. Each component's part is
/// applied whole or not at all and never touches another's.
/// </summary>
internal sealed partial class DesiredProperties(
    IReadOnlyList<TwinComponent> components, ReportedDocument reported, LastGoodDesired lastGood, ILogger logger)
{
    /// <summary>Root property that tells which desired version was worked last.</summary>
    public const string LastVersion = "lastDesiredVersion";

    private const string LastStatus = "lastDesiredStatus";

    private readonly List<(TwinComponent Component, WritableProperty Property, PropertyAck Ack)> _underWay = [];
    private readonly UnknownKeys _unknown = new(components, reported);

    private bool _failed; // Something in the document being worked could not be put in force.

    /// <summary>Version last worked; 0 before the first.</summary>
    public long Version { get; private set; }

    /// <summary>Puts the values in force that were last accepted before this start. What no longer fits is skipped with a warning.</summary>
    public void ApplyLastGood()
    {
        foreach (TwinComponent component in components)
        {
            JsonObject kept = lastGood.ValuesOf(component.Name);
            foreach (WritableProperty property in component.Properties.Where(property => kept[property.Name] is not null))
            {
                if (Restore(property, kept[property.Name]) is { } reason)
                {
                    LogSkipped(logger, component.Name, property.Name, reason);
                }
            }
        }
    }

    /// <summary>Takes over what has changed without the cloud: a value that is reached by now, and one that was set on the node.</summary>
    public void Refresh()
    {
        for (int i = _underWay.Count - 1; i >= 0; i--)
        {
            (TwinComponent component, WritableProperty property, PropertyAck ack) = _underWay[i];
            if (property.IsReached())
            {
                reported.Set(component.Name, property.Name, PropertyAck.Accepted(property.InForce(), ack.Version).ToJson());
                _underWay.RemoveAt(i);
            }
        }

        foreach (TwinComponent component in components)
        {
            foreach (WritableProperty property in component.ChangingByThemselves)
            {
                JsonNode inForce = property.InForce();
                if (reported.Find(component.Name, property.Name) is { } shown && !JsonNode.DeepEquals(shown["value"], inForce))
                {
                    reported.Set(component.Name, property.Name, PropertyAck.Local(inForce).ToJson());
                }
            }
        }
    }

    /// <summary>Works a twin or a patch as it came from the hub. What is no JSON object is logged and left.</summary>
    public void Receive(TwinUpdateState state, ReadOnlySpan<byte> json)
    {
        try
        {
            JsonObject document = StrictJson.Parse(json) as JsonObject ?? throw new JsonException("not an object");
            bool complete = state == TwinUpdateState.Complete;
            if (complete)
            {
                reported.HubHolds(document["reported"] as JsonObject ?? []);
            }

            Apply(complete ? document["desired"] as JsonObject ?? [] : document, complete);
        }
        catch (JsonException malformed)
        {
            reported.Set("", LastStatus, Status(PropertyAck.RefusedCode, $"what followed version {Version} cannot be read: {malformed.Message}"));
            LogMalformed(logger, malformed.Message);
        }
    }

    private void Apply(JsonObject desired, bool complete)
    {
        Version = desired["$version"] is JsonValue number && number.TryGetValue(out long read) ? read : Version;
        var faults = new List<string>();
        _failed = false;
        _unknown.Forget(desired, complete);
        foreach (TwinComponent component in components)
        {
            if (component.IsRoot || complete || desired.ContainsKey(component.Name))
            {
                ApplyTo(component, component.IsRoot ? desired : desired[component.Name], complete, faults);
            }
        }

        string outcome = Cut(faults.Count == 0 ? "in force" : string.Join("; ", faults));
        reported.Set("", LastVersion, Version);
        reported.Set("", LastStatus, Status(faults.Count == 0 ? 200 : _failed ? PropertyAck.FailedCode : PropertyAck.RefusedCode, outcome));
        lastGood.Save(Version);
        LogApplied(logger, Version, complete ? "whole twin" : "patch", outcome);
    }

    private void ApplyTo(TwinComponent component, JsonNode? part, bool complete, List<string> faults)
    {
        if (part is not (null or JsonObject))
        {
            faults.Add($"{component.Name}: a component takes an object");
            return;
        }

        // At the root an unknown key is most likely some other component and none of the root's business.
        List<string> unknown = _unknown.In(component, part);
        ComponentOutcome outcome = component.Apply(part as JsonObject ?? [], component.IsRoot ? [] : unknown, Version, complete || part is null);
        foreach ((string property, PropertyAck ack) in outcome.Acks)
        {
            reported.Set(component.Name, property, ack.ToJson());
            NoteUnderWay(component, property, ack);
            _failed |= ack.Code == PropertyAck.FailedCode;
            if (ack.Code >= PropertyAck.RefusedCode)
            {
                faults.Add($"{(component.IsRoot ? "" : component.Name + ": ")}{ack.Description}");
            }
        }

        if (outcome.Applied)
        {
            lastGood.Keep(component.Name, outcome.InForce);
        }

        _unknown.Answer(component, unknown, Version, faults);
    }

    /// <summary>Puts a kept value in force; gives why not, or null.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "One kept value that fails must not keep the node from starting.")]
    private static string? Restore(WritableProperty property, JsonNode? value)
    {
        try
        {
            Proposal proposal = property.Propose(value);
            proposal.Apply?.Invoke();
            return proposal.Refusal;
        }
        catch (Exception failure)
        {
            return failure.Message;
        }
    }

    private void NoteUnderWay(TwinComponent component, string property, PropertyAck ack)
    {
        _underWay.RemoveAll(one => one.Component == component && one.Property.Name == property);
        if (ack.Code == 202)
        {
            _underWay.Add((component, component.Properties.First(known => known.Name == property), ack));
        }
    }

    private static JsonObject Status(int code, string description) => new() { ["code"] = code, ["description"] = Cut(description) };

    private static string Cut(string text)
    {
        const int Longest = 512;
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }

    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "Desired properties version {Version} ({Form}): {Outcome}")]
    private static partial void LogApplied(ILogger logger, long version, string form, string outcome);

    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "The hub sent desired properties that cannot be read and are left: {Reason}")]
    private static partial void LogMalformed(ILogger logger, string reason);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning, Message = "The kept value of {Component} {Property} no longer fits and is skipped: {Reason}")]
    private static partial void LogSkipped(ILogger logger, string component, string property, string reason);
}
