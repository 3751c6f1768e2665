using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Provisioning;
using HubEmulator.Twins;

namespace HubEmulator.Rest;

/// <summary>An enrolment in the service's JSON: read from a request, and written into an answer.</summary>
internal static class EnrolmentForm
{
    /// <summary>What a service may ask of the allocation. There is one hub here, so these are kept and told, and decide nothing.</summary>
    private static readonly string[] Kept = ["reprovisionPolicy", "allocationPolicy", "iotHubs", "iotHubHostName", "customAllocationDefinition", "optionalDeviceInformation"];

    /// <summary>The member that names a single device, or a group.</summary>
    public static string IdMember(bool isGroup) => isGroup ? "enrollmentGroupId" : "registrationId";

    /// <summary>Reads an enrolment; keys and certificates that are missing stay as they are.</summary>
    /// <returns>Null, or what is wrong with the body.</returns>
    public static string? TryRead(JsonObject body, string id, Enrolment? existing, bool isGroup, out Enrolment wanted)
    {
        wanted = null!;
        JsonNode? named = body[IdMember(isGroup)];
        if (!RegistrationIds.AreValid(id) || (named is not null && !named.ToString().Equals(id, StringComparison.OrdinalIgnoreCase)))
        {
            return "The id is malformed, or differs between path and body.";
        }

        if (body["attestation"] is not JsonObject attestation || attestation["type"]?.ToString() is not ("symmetricKey" or "x509"))
        {
            return "attestation must be an object of type 'symmetricKey' or 'x509'.";
        }

        string status = body["provisioningStatus"]?.ToString() ?? "enabled";
        string? deviceId = isGroup ? null : body["deviceId"]?.ToString();
        if (status is not ("enabled" or "disabled") || (deviceId is not null && !DeviceIds.AreValid(deviceId)))
        {
            return "provisioningStatus must be 'enabled' or 'disabled', and deviceId a device id.";
        }

        string? broken = TryReadAttestation(attestation, existing, isGroup, out SymmetricKeys keys, out CertificateAttestation? certificates) ?? FindBrokenTwin(body["initialTwin"]);
        wanted = new Enrolment
        {
            Id = id,
            IsGroup = isGroup,
            Keys = keys,
            Certificates = certificates,
            Enabled = status == "enabled",
            DeviceId = deviceId,
            Payload = body["payload"]?.ToJsonString(),
            IsEdge = body["capabilities"] is JsonObject { Count: > 0 } capabilities && capabilities["iotEdge"]?.GetValueKind() == JsonValueKind.True,
            InitialTwin = body["initialTwin"]?.ToJsonString(),
            Wishes = WishesOf(body),
        };
        return broken;
    }

    /// <summary>The attestation with its keys, which its own call answers.</summary>
    public static JsonObject DescribeAttestation(Enrolment enrolment) => enrolment.Certificates is { } certificates
        ? new JsonObject { ["type"] = "x509", ["x509"] = CertificateMembers.Describe(certificates, enrolment.IsGroup) }
        : new JsonObject { ["type"] = "symmetricKey", ["symmetricKey"] = SymmetricKeyMembers.Describe(enrolment.Keys) };

    /// <summary>The whole enrolment.</summary>
    public static JsonObject Describe(Enrolment enrolment)
    {
        var body = new JsonObject { [IdMember(enrolment.IsGroup)] = enrolment.Id };
        if (enrolment.DeviceId is not null)
        {
            body["deviceId"] = enrolment.DeviceId;
        }

        body["attestation"] = DescribeAttestation(enrolment);
        body["capabilities"] = new JsonObject { ["iotEdge"] = enrolment.IsEdge };
        body["etag"] = enrolment.ETag;
        body["provisioningStatus"] = enrolment.Enabled ? "enabled" : "disabled";
        body["reprovisionPolicy"] = new JsonObject { ["updateHubAssignment"] = true, ["migrateDeviceData"] = true };
        body["createdDateTimeUtc"] = Times.Stamp(enrolment.Created);
        body["lastUpdatedDateTimeUtc"] = Times.Stamp(enrolment.Updated);
        foreach ((string name, JsonNode? wish) in enrolment.Wishes is null ? [] : JsonNode.Parse(enrolment.Wishes)!.AsObject())
        {
            body[name] = wish?.DeepClone();
        }

        if (enrolment.InitialTwin is not null)
        {
            body["initialTwin"] = JsonNode.Parse(enrolment.InitialTwin);
        }

        if (enrolment.Payload is not null)
        {
            body["payload"] = JsonNode.Parse(enrolment.Payload);
        }

        return body;
    }

    private static string? TryReadAttestation(JsonObject attestation, Enrolment? existing, bool isGroup, out SymmetricKeys keys, out CertificateAttestation? certificates)
    {
        (keys, certificates) = (SymmetricKeys.None, null);
        return attestation["type"]!.ToString() == "x509"
            ? CertificateMembers.TryRead(attestation["x509"], isGroup, existing?.Certificates, out certificates)
            : SymmetricKeyMembers.TryRead(attestation["symmetricKey"], existing is { Certificates: null } ? existing.Keys : SymmetricKeys.Generate(), out keys);
    }

    private static string? FindBrokenTwin(JsonNode? initial) => initial is null ? null
        : initial is not JsonObject document ? "initialTwin must be an object with tags, properties.desired, or both."
        : Twin.TryMake(document, DateTimeOffset.UnixEpoch, out _) is { } failure ? $"initialTwin: {failure.Message}"
        : null;

    private static string? WishesOf(JsonObject body)
    {
        var wishes = new JsonObject(Kept.Where(name => body[name] is not null).Select(name => KeyValuePair.Create(name, body[name]?.DeepClone())));
        return wishes.Count == 0 ? null : wishes.ToJsonString();
    }
}
