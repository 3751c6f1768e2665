using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>A call of the HTTPS interface.</summary>
/// <param name="Verb">The HTTP verb.</param>
/// <param name="Path">The route.</param>
/// <param name="Needed">The right that it needs; <see cref="AccessRights.DeviceConnect"/> for calls of devices.</param>
/// <param name="Shape">How its errors are written.</param>
/// <param name="Call">What it does.</param>
internal sealed record ServiceRoute(string Verb, string Path, AccessRights Needed, ServiceErrorShape Shape, Func<HttpContext, Task<ServiceAnswer>> Call);
