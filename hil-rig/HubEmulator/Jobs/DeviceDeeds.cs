using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Methods;
using HubEmulator.Rest;
using HubEmulator.Twins;

namespace HubEmulator.Jobs;

/// <summary>What a job does to one device: calls a method, or updates its twin.</summary>
internal sealed class DeviceDeeds(DeviceRegistry registry, MethodCalls methods, TwinWriter twins, TimeProvider clock)
{
    /// <summary>Does it, and tells how it went.</summary>
    /// <param name="request">The job.</param>
    /// <param name="before">The device's part so far.</param>
    /// <param name="cancellationToken">Ends the waiting for a device.</param>
    public async Task<DeviceJob> DoAsync(JobRequest request, DeviceJob before, CancellationToken cancellationToken)
    {
        if (registry.Find(before.Identity) is not { } device)
        {
            return Failed(before, ServiceError.IdentityNotFound(before.Identity));
        }

        return request.Method is { } method ? await CallAsync(device, method, before, cancellationToken) : Update(device, request.Twin!, before);
    }

    private async Task<DeviceJob> CallAsync(Device device, JsonObject method, DeviceJob before, CancellationToken cancellationToken)
    {
        MethodRequest.TryParse(method, out MethodRequest call); // it was read when the job was made
        MethodOutcome outcome = await methods.CallAsync(device, call, cancellationToken);
        if (outcome.Ending != MethodEnding.Answered)
        {
            return Failed(before, MethodEndpoint.Explain(outcome.Ending, device.Id, call));
        }

        var response = new JsonObject { ["status"] = outcome.Status, ["payload"] = outcome.Payload };
        return before with { Status = JobStatus.Completed, Ended = clock.GetUtcNow(), MethodResponse = response };
    }

    private DeviceJob Update(Device device, JsonObject twin, DeviceJob before)
    {
        TwinFailure failure = TwinUpdate.TryParse((JsonObject)twin.DeepClone(), out TwinUpdate update, out TwinFailure broken)
            ? twins.Update(device, update, replace: false, twin["etag"]?.ToString())
            : broken;
        return failure.Status == 0
            ? before with { Status = JobStatus.Completed, Ended = clock.GetUtcNow() }
            : Failed(before, new ServiceError(failure.Status, failure.ErrorCode, failure.Name, failure.Message));
    }

    private DeviceJob Failed(DeviceJob before, ServiceError error) =>
        before with { Status = JobStatus.Failed, Ended = clock.GetUtcNow(), ErrorName = error.Name, ErrorText = error.Message };
}
