using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>The device or module that a call of a device has proved to come from; kept with the request.</summary>
/// <param name="Device">The device, though it be deleted meanwhile.</param>
/// <param name="OfPolicy">True when a token of a policy opened it.</param>
internal sealed record DeviceCaller(Device Device, bool OfPolicy)
{
    public static DeviceCaller Of(HttpContext context) => context.Features.Get<DeviceCaller>() ?? throw new InvalidOperationException("The call is not one of devices.");
}
