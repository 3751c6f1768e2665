using System.Text.Json.Nodes;
using HubEmulator.Faults;
using HubEmulator.Identity;
using HubEmulator.Rest;
using HubEmulator.Twins;

namespace HubEmulator.Provisioning;

/// <summary>
/// The device side of provisioning, whatever carries it: register, ask again, read the state. A device has one operation at a time;
/// registering anew replaces it. At most <see cref="MostRegistrations"/> are kept.
/// </summary>
internal sealed class RegistrationDesk(string hubName, RegistrationGate gate, HubAllocation allocation, ProvisioningBehaviour behaviour, FaultDesk faults, TimeProvider clock)
{
    public const int MostRegistrations = DeviceRegistry.MostDevices;

    private readonly Dictionary<string, Registration> _registrations = new(StringComparer.Ordinal);
    private readonly Lock _guard = new();

    /// <summary>Raised after every step of a registration, so that it can be made durable.</summary>
    public event Action? Changed;

    /// <summary>Starts an operation for the device.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="body">Empty, or an object whose <c>registrationId</c> is the caller's if it is there.</param>
    public ProvisioningAnswer Register(ProvisioningCaller caller, ReadOnlySpan<byte> body)
    {
        behaviour.Count(isPoll: false);
        if (Refuse(caller, out Enrolment enrolment) is { } refusal)
        {
            return refusal;
        }

        if (Misfit(caller, body) is { } misfit)
        {
            return Error(misfit);
        }

        DateTimeOffset now = clock.GetUtcNow();
        ProvisioningAnswer answer;
        lock (_guard)
        {
            Registration? old = _registrations.GetValueOrDefault(caller.RegistrationId);
            if (old is null && _registrations.Count >= MostRegistrations)
            {
                return Error(ProvisioningErrors.Throttled);
            }

            answer = Advance(new Registration
            {
                RegistrationId = caller.RegistrationId,
                OperationId = $"5.{Guid.NewGuid().ToString("N")[..16]}.{Guid.NewGuid()}",
                GroupId = enrolment.IsGroup ? enrolment.Id : null,
                Thumbprint = enrolment.Certificates is null ? null : caller.Certificate?.Sha256Thumbprint,
                Created = old?.Created ?? now,
                Updated = now,
                PendingAnswers = behaviour.PendingAnswers,
                Substatus = old?.Substatus,
                DeviceId = old?.DeviceId,
                Revision = old?.Revision ?? 0,
            }, enrolment, now);
        }

        Changed?.Invoke();
        return answer;
    }

    /// <summary>Says how far the device's operation has got, and takes it a step further.</summary>
    public ProvisioningAnswer Poll(ProvisioningCaller caller, string operationId)
    {
        behaviour.Count(isPoll: true);
        if (Refuse(caller, out Enrolment enrolment) is { } refusal)
        {
            return refusal;
        }

        DateTimeOffset now = clock.GetUtcNow();
        ProvisioningAnswer answer;
        lock (_guard)
        {
            if (_registrations.GetValueOrDefault(caller.RegistrationId) is not { } registration || registration.OperationId != operationId)
            {
                return Error(ProvisioningErrors.NotFound("The operation is unknown."));
            }

            if (now < registration.PollNotBefore)
            {
                behaviour.CountEarlyPoll();
            }

            answer = registration.IsDecided ? Tell(registration, enrolment) : Advance(registration, enrolment, now);
        }

        Changed?.Invoke();
        return answer;
    }

    /// <summary>The state of the device's last registration.</summary>
    public ProvisioningAnswer Read(ProvisioningCaller caller)
    {
        if (Refuse(caller, out Enrolment enrolment) is { } refusal)
        {
            return refusal;
        }

        lock (_guard)
        {
            return _registrations.GetValueOrDefault(caller.RegistrationId) is { } known
                ? new ProvisioningAnswer(200, known.Describe(hubName, enrolment.Payload))
                : Error(ProvisioningErrors.NotFound("The device has not registered."));
        }
    }

    /// <param name="registrationId">The id in its registered form.</param>
    public Registration? Find(string registrationId)
    {
        lock (_guard)
        {
            return _registrations.GetValueOrDefault(registrationId);
        }
    }

    /// <summary>The registrations that a group let in.</summary>
    public List<Registration> OfGroup(string groupId)
    {
        lock (_guard)
        {
            return [.. _registrations.Values.Where(one => groupId.Equals(one.GroupId, StringComparison.OrdinalIgnoreCase))];
        }
    }

    /// <summary>Forgets a registration; the device at the hub stays.</summary>
    /// <returns>False when it is not there, or the entity tag does not fit.</returns>
    public bool TryDelete(string registrationId, string? ifMatch)
    {
        lock (_guard)
        {
            if (!_registrations.TryGetValue(registrationId, out Registration? known) || !EntityTags.Meets(EntityTags.OfProvisioning(known.Revision), ifMatch))
            {
                return false;
            }

            _registrations.Remove(registrationId);
        }

        Changed?.Invoke();
        return true;
    }

    /// <summary>The registration as services read it, who do not hear how it attested.</summary>
    public JsonObject DescribeToService(Registration registration)
    {
        JsonObject state = registration.Describe(hubName, payload: null);
        state.Remove("symmetricKey");
        state.Remove("x509");
        return state;
    }

    /// <summary>Puts back a registration that was remembered.</summary>
    public void Restore(Registration registration) => _registrations[registration.RegistrationId] = registration;

    public List<Registration> ToRecord()
    {
        lock (_guard)
        {
            return [.. _registrations.Values];
        }
    }

    private ProvisioningAnswer? Refuse(ProvisioningCaller caller, out Enrolment enrolment)
    {
        enrolment = null!;
        if (behaviour.TakeThrottle(out int? retryAfterSeconds))
        {
            return ProvisioningAnswer.Of(ProvisioningErrors.Throttled, clock.GetUtcNow(), retryAfterSeconds);
        }

        if (faults.Strike(HubFaultKind.Throttle, caller.RegistrationId, HubFaultTargets.Provisioning) is { } fault)
        {
            return ProvisioningAnswer.Of(ProvisioningErrors.Throttled, clock.GetUtcNow(), fault.Fault.RetryAfterSeconds);
        }

        return gate.Check(caller, out enrolment) is { } error ? Error(error) : null;
    }

    private ProvisioningAnswer Error(ServiceError error) => ProvisioningAnswer.Of(error, clock.GetUtcNow());

    private static ServiceError? Misfit(ProvisioningCaller caller, ReadOnlySpan<byte> body)
    {
        if (body.Trim(" \r\n\t"u8).IsEmpty)
        {
            return null;
        }

        if (!TwinJson.TryReadObject(body, out JsonObject members, out TwinFailure broken))
        {
            return ServiceError.ArgumentInvalid(broken.Message);
        }

        bool isOwn = members["registrationId"] is not { } named || named.ToString().Equals(caller.RegistrationId, StringComparison.OrdinalIgnoreCase);
        return isOwn ? null : ServiceError.ArgumentInvalid("The registrationId in the body is not that of the connection or the path.");
    }

    /// <summary>One more answer that it is not decided, or the decision.</summary>
    private ProvisioningAnswer Advance(Registration registration, Enrolment enrolment, DateTimeOffset now)
    {
        Registration next = registration.PendingAnswers > 0
            ? Postpone(registration, now)
            : allocation.Decide(registration, enrolment) with { Updated = now, Revision = registration.Revision + 1, PollNotBefore = null };
        _registrations[next.RegistrationId] = next;
        return Tell(next, enrolment);
    }

    private Registration Postpone(Registration registration, DateTimeOffset now) => registration with
    {
        PendingAnswers = registration.PendingAnswers - 1,
        PollNotBefore = behaviour.RetryAfterSeconds is { } seconds ? now.AddSeconds(seconds) : null,
    };

    private ProvisioningAnswer Tell(Registration registration, Enrolment enrolment)
    {
        var body = new JsonObject { ["operationId"] = registration.OperationId, ["status"] = registration.Status };
        if (!registration.IsDecided)
        {
            return new ProvisioningAnswer(202, body, behaviour.RetryAfterSeconds);
        }

        body["registrationState"] = registration.Describe(hubName, enrolment.Payload);
        return new ProvisioningAnswer(200, body);
    }
}
