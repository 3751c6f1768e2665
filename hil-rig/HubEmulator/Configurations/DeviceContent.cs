using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Rest;
using HubEmulator.Twins;

namespace HubEmulator.Configurations;

/// <summary>
/// Sets the content of a configuration on one device at once: <c>deviceContent</c> in its twin; <c>modulesContent</c>, for Edge devices, in the twins of its
/// modules, which are made where they are missing, those that <c>$edgeAgent</c> is told to run among them.
/// </summary>
internal sealed class DeviceContent(DeviceRegistry registry, TwinWriter twins)
{
    private const string Root = "properties.desired";
    private const string Agent = "$edgeAgent";

    /// <returns>Null when all of it is set; otherwise the error, with what came before it set.</returns>
    public ServiceError? Apply(Device device, JsonObject content)
    {
        if (ConfigurationForm.FindBrokenContent(content) is { } broken)
        {
            return ServiceError.ArgumentInvalid(broken);
        }

        if (content["modulesContent"] is JsonObject modules)
        {
            return !device.Identity.IsEdge
                ? ServiceError.ArgumentInvalid($"modulesContent is for Edge devices, and {device.Id} has capabilities.iotEdge false.")
                : FindBrokenModule(modules) is { } misfit ? ServiceError.ArgumentInvalid(misfit) : Apply(device, modules, content["deviceContent"] as JsonObject);
        }

        return Set(device, content["deviceContent"] as JsonObject ?? []);
    }

    private static string? FindBrokenModule(JsonObject modules)
    {
        foreach ((string name, JsonNode? paths) in modules)
        {
            if (!DeviceIds.AreValid(name) || paths is not JsonObject settings)
            {
                return $"modulesContent: '{name}' must be a module id with an object of paths.";
            }

            if (settings.FirstOrDefault(one => !ContentPath.TryRead(one.Key, out _)) is { Key: { } path })
            {
                return $"modulesContent.{name}: '{path}' must be {Root} or a path below it.";
            }
        }

        return null;
    }

    private ServiceError? Apply(Device device, JsonObject modules, JsonObject? own)
    {
        IEnumerable<string> run = ContentPath.Settings(modules[Agent] as JsonObject ?? []).Where(one => one.Steps is ["modules"]).SelectMany(one => (one.Value as JsonObject ?? []).Select(module => module.Key));
        foreach (string name in modules.Select(one => one.Key).Union(run.Where(name => DeviceIds.AreValid(name)), StringComparer.Ordinal))
        {
            string identity = DeviceIds.Join(device.Id, name);
            Device? module = registry.Find(identity) ?? registry.TryCreate(identity, DeviceCredentials.Of(SymmetricKeys.Generate()), managedBy: DeviceRegistry.EdgeManager) ?? registry.Find(identity);
            if (module is null)
            {
                return ServiceError.NoRoom(identity);
            }

            if (modules[name] is JsonObject settings && Set(module, settings) is { } refused)
            {
                return refused;
            }
        }

        return own is null ? null : Set(device, own);
    }

    /// <summary>Sets each path whole; <c>properties.desired</c> itself takes the place of all that was there.</summary>
    private ServiceError? Set(Device device, JsonObject settings)
    {
        JsonObject twin = TwinCalls.Describe(device);
        JsonObject patch = settings[Root] is JsonObject everything
            ? ConfigurationPlan.Difference(twin, everything)
            : ConfigurationPlan.PatchOf(twin, [.. ContentPath.Settings(settings).Select(one => ("", one.Steps, one.Value))]);
        TwinFailure failure = patch.Count == 0 ? TwinFailure.None : twins.Update(device, new TwinUpdate(null, patch), replace: false, ifMatch: null);
        return failure.Status == 0 ? null : new ServiceError(failure.Status, failure.ErrorCode, failure.Name, failure.Message);
    }
}
