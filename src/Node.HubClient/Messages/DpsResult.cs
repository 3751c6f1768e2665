using System.Security.Cryptography.X509Certificates;

namespace Node.HubClient;

/// <summary>How a registration ended.</summary>
public enum DpsStatus
{
    /// <summary>A hub was assigned: <see cref="DpsResult.ToDeviceConfig"/> has what <see cref="IotHubClientLL.Create"/> needs.</summary>
    Assigned,

    /// <summary>The service knows the device and gave it no hub.</summary>
    Unassigned,

    /// <summary>The enrolment is disabled.</summary>
    Disabled,

    /// <summary>The service tried and could not assign a hub.</summary>
    Failed,

    /// <summary>The service refused the request: wrong key, unknown enrolment or id scope, malformed. Asking again changes nothing.</summary>
    Refused,

    /// <summary>The retry policy gave up.</summary>
    RetryExpired,

    /// <summary>The client was disposed first.</summary>
    BecauseDestroy,
}

/// <summary>The end of a registration.</summary>
public sealed record DpsResult
{
    /// <summary>How it ended.</summary>
    public required DpsStatus Status { get; init; }

    /// <summary>For people: what happened and what may help. Holds no secret.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The hub's full name; null unless assigned.</summary>
    public string? AssignedHub { get; init; }

    /// <summary>The device's id there, which may differ from the registration id; null unless assigned.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Such as <c>initialAssignment</c>, as the service wrote it; null when it wrote none.</summary>
    public string? Substatus { get; init; }

    /// <summary>JSON that a custom allocation returned; null for none.</summary>
    public string? PayloadJson { get; init; }

    /// <summary>The status of the answer, or the CONNACK code of a refused connection; 0 without either.</summary>
    public int RawStatus { get; init; }

    /// <summary>The service's own code, such as 401002; null when it gave none.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>The service's name for this request, for its support; null when it gave none.</summary>
    public string? TrackingId { get; init; }

    internal string? DeviceKey { get; init; }

    internal X509Certificate2? Certificate { get; init; }

    internal X509Certificate2Collection? CertificateChain { get; init; }

    /// <summary>The identity at the assigned hub, with the key or certificate of the registration.</summary>
    /// <exception cref="InvalidOperationException">
    /// No hub was assigned; or the key is in a security module: then use <see cref="IotHubClientLL.CreateFromDeviceAuth"/>.
    /// </exception>
    public DeviceConfig ToDeviceConfig() => Status is DpsStatus.Assigned && (DeviceKey is not null || Certificate is not null)
        ? new DeviceConfig { HostName = AssignedHub!, DeviceId = DeviceId!, SharedAccessKey = DeviceKey, Certificate = Certificate, CertificateChain = CertificateChain }
        : throw new InvalidOperationException(Status is DpsStatus.Assigned
            ? "The key is in a security module: give AssignedHub and DeviceId to CreateFromDeviceAuth."
            : $"No hub was assigned ({Status}): {Detail}");

    /// <summary>Names the outcome; holds no secret.</summary>
    public override string ToString() => Status is DpsStatus.Assigned ? $"{DeviceId} at {AssignedHub}" : $"{Status}: {Detail}";
}

/// <summary>Told the end of a registration, once. Runs inside <see cref="DpsClient.DoWork"/> or <see cref="DpsClient.Dispose"/>.</summary>
/// <param name="result">The end.</param>
/// <param name="context">What was passed along.</param>
public delegate void DpsResultCallback(DpsResult result, object? context);
