using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace HubEmulator.State;

/// <summary>Reads what a hub remembered, out of <c>hub.db</c> or of the file that hubs wrote before there was a database.</summary>
internal static class StateReader
{
    /// <summary>What hubs wrote before there was a database. It is taken over and renamed.</summary>
    public const string FormerFileName = "state.json";

    private const string ImportedFileName = "state.json.imported";

    /// <returns>What was remembered, or null in a fresh folder.</returns>
    /// <exception cref="LocalHubException">It cannot be read or is not of this version, or another hub uses the folder.</exception>
    public static HubRecord? Load(DataFolder folder)
    {
        if (folder.IsTemporary)
        {
            return null;
        }

        using StateDatabase database = StateDatabase.Open(folder);
        try
        {
            return database.TryReadPart(StateParts.Hub) is { } hub ? Load(database, hub) : LoadFormer(folder);
        }
        catch (Exception broken) when (broken is JsonException or SqliteException)
        {
            throw StateDatabase.Unusable(folder, broken);
        }
    }

    /// <summary>Puts the former file aside once the database has all of it.</summary>
    public static void ForgetFormer(DataFolder folder)
    {
        if (!folder.IsTemporary && File.Exists(folder.PathOf(FormerFileName)))
        {
            folder.Rename(FormerFileName, ImportedFileName);
        }
    }

    private static HubRecord Load(StateDatabase database, string hub)
    {
        string? provisioning = database.TryReadPart(StateParts.Provisioning);
        string? jobs = database.TryReadPart(StateParts.Jobs);
        string? configurations = database.TryReadPart(StateParts.Configurations);
        return Read(hub) with
        {
            Devices = [.. database.ReadIdentities().Select(json => JsonSerializer.Deserialize(json, HubRecordJson.Default.DeviceRecord)!)],
            Provisioning = provisioning is null ? null : JsonSerializer.Deserialize(provisioning, HubRecordJson.Default.ProvisioningRecord),
            Jobs = jobs is null ? null : JsonSerializer.Deserialize(jobs, HubRecordJson.Default.ListJobRecord),
            Configurations = configurations is null ? null : JsonSerializer.Deserialize(configurations, HubRecordJson.Default.ListConfiguration),
        };
    }

    private static HubRecord? LoadFormer(DataFolder folder)
    {
        try
        {
            return folder.TryReadText(FormerFileName) is { } text ? Read(text) : null;
        }
        catch (JsonException broken)
        {
            throw new LocalHubException(
                LocalHubFault.DataFolderUnusable,
                $"{folder.PathOf(FormerFileName)}: {broken.Message} Delete the file to start with fresh keys and twins.",
                broken);
        }
    }

    private static HubRecord Read(string json)
    {
        HubRecord record = JsonSerializer.Deserialize(json, HubRecordJson.Default.HubRecord) ?? throw new JsonException("It is empty.");
        return record.Version == HubRecord.CurrentVersion ? record : throw new JsonException($"It is of version {record.Version}, not {HubRecord.CurrentVersion}.");
    }
}
