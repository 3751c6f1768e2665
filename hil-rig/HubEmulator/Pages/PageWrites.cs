using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using HubEmulator.C2d;
using HubEmulator.Faults;
using HubEmulator.Identity;
using HubEmulator.Methods;
using HubEmulator.Rest;
using HubEmulator.Twins;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Pages;

/// <summary>What the page changes: each call does what a service could do over its own interface.</summary>
internal sealed class PageWrites(LocalHub hub, DeviceRegistry registry, MethodCalls methods, C2dDesk messages, FaultDesk faults, TwinWriter writer)
{
    /// <summary><c>POST /page/api/device {"id"}</c>: a new device with generated keys.</summary>
    public async Task<PageAnswer> AddDeviceAsync(HttpContext context)
    {
        string id = (await ReadAsync(context, PageJson.Default.DeviceForm)).Id?.Trim() ?? "";
        if (!DeviceIds.AreValid(id))
        {
            return Bad($"A device id has 1 to {DeviceIds.MaximumLength} letters, digits and - . % _ * ? ! ( ) , : = @ $ ' + #");
        }

        return registry.TryCreate(id, DeviceCredentials.Generate()) is { } device
            ? PageAnswer.Ok(PageReads.ViewOf(device), PageJson.Default.DeviceView)
            : PageAnswer.Refuse(StatusCodes.Status409Conflict, "There is a device of that id already, or no room for another.");
    }

    /// <summary><c>PUT /page/api/desired?id={id}</c> with <c>If-Match</c>: the whole desired section; tags stay as they are.</summary>
    public Task<PageAnswer> PutDesiredAsync(HttpContext context) => PutSectionAsync(
        context, (device, now, desired, eTag) => writer.Update(device, new TwinUpdate((JsonObject)now["tags"]!.DeepClone(), desired), replace: true, eTag));

    /// <summary><c>PUT /page/api/tags?id={id}</c> with <c>If-Match</c>: all tags; desired properties stay as they are, and the device hears nothing.</summary>
    public Task<PageAnswer> PutTagsAsync(HttpContext context) => PutSectionAsync(
        context, (device, now, tags, eTag) => writer.Update(device, new TwinUpdate((JsonObject)MergePatch.Difference(now["tags"], tags)!, null), replace: false, eTag));

    /// <summary><c>POST /page/api/method?id={id} {"name","payload","timeoutSeconds"}</c>.</summary>
    public async Task<PageAnswer> CallMethodAsync(HttpContext context)
    {
        if (Find(context) is not { } device)
        {
            return NoDevice;
        }

        MethodForm form = await ReadAsync(context, PageJson.Default.MethodForm);
        var call = new JsonObject
        {
            ["methodName"] = form.Name,
            ["responseTimeoutInSeconds"] = form.TimeoutSeconds,
            ["payload"] = form.Payload is { } payload ? JsonNode.Parse(payload.GetRawText()) : null,
        };
        if (MethodRequest.TryParse(call, out MethodRequest request) is { } broken)
        {
            return Bad(broken);
        }

        MethodOutcome outcome = await methods.CallAsync(device, request, context.RequestAborted);
        return outcome.Ending switch
        {
            MethodEnding.Answered => PageAnswer.Ok(new MethodView(outcome.Status, outcome.Payload), PageJson.Default.MethodView),
            MethodEnding.Offline => PageAnswer.Refuse(StatusCodes.Status404NotFound, "The device is not connected, or takes no method calls."),
            MethodEnding.NoAnswer => PageAnswer.Refuse(StatusCodes.Status504GatewayTimeout, $"The device did not answer within {form.TimeoutSeconds} seconds."),
            MethodEnding.TooManyInFlight => PageAnswer.Refuse(StatusCodes.Status429TooManyRequests, "Too many calls of this device are under way."),
            _ => PageAnswer.Refuse(StatusCodes.Status502BadGateway, "The device's answer is not JSON."),
        };
    }

    /// <summary><c>POST /page/api/message?id={id} {"text","messageId","contentType","ack","properties"}</c>.</summary>
    public async Task<PageAnswer> SendMessageAsync(HttpContext context)
    {
        if (Find(context) is not { } device)
        {
            return NoDevice;
        }

        MessageForm form = await ReadAsync(context, PageJson.Default.MessageForm);
        if (DeviceIds.ModuleOf(device.Id) is not null)
        {
            return Bad("Modules get no cloud-to-device messages.");
        }

        var message = new C2dMessage
        {
            Body = Encoding.UTF8.GetBytes(form.Text ?? ""),
            MessageId = form.MessageId is { Length: > 0 } id ? id : null,
            ContentType = form.ContentType is { Length: > 0 } type ? type : null,
            Ack = form.Ack == C2dAck.None ? null : form.Ack,
            Properties = [.. form.Properties ?? []],
        };
        string? broken = C2dRules.FindBrokenRule(message) ?? (C2dRules.IsTooLarge(device.Id, message) ? $"A message may have {C2dRules.MostBytes} bytes with its properties." : null);
        if (broken is not null)
        {
            return Bad(broken);
        }

        return messages.TrySend(device, message)
            ? PageAnswer.Ok(new QueueView(device.Messages.Count), PageJson.Default.QueueView)
            : PageAnswer.Refuse(StatusCodes.Status409Conflict, $"The queue holds {C2dQueue.MostMessages} messages, as many as it may.");
    }

    /// <summary><c>DELETE /page/api/fault?id={number}</c>: ends a fault before its time.</summary>
    public Task<PageAnswer> EndFaultAsync(HttpContext context) => Task.FromResult(
        long.TryParse(context.Request.Query["id"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long id) && faults.TryEnd(id)
            ? PageAnswer.Ok(new EndedView(id), PageJson.Default.EndedView)
            : PageAnswer.Refuse(StatusCodes.Status404NotFound, "There is no such fault, or it is over."));

    /// <summary><c>POST /page/api/secret[?id={id}]</c>: the connection string of a device, or without an id of services.</summary>
    public Task<PageAnswer> ShowSecretAsync(HttpContext context)
    {
        string id = context.Request.Query["id"].ToString();
        string? secret = id.Length == 0 ? hub.ServiceConnectionString
            : Find(context) is null ? null
            : DeviceIds.ModuleOf(id) is { } module ? hub.ModuleConnectionString(DeviceIds.DeviceOf(id), module)
            : hub.DeviceConnectionString(id);
        return Task.FromResult(secret is null ? NoDevice : PageAnswer.Ok(new SecretView(secret), PageJson.Default.SecretView));
    }

    private static PageAnswer NoDevice => PageAnswer.Refuse(StatusCodes.Status404NotFound, "The hub has no such device.");

    private static PageAnswer Bad(string message) => PageAnswer.Refuse(StatusCodes.Status400BadRequest, message);

    /// <summary>Replaces one section of the twin that was edited.</summary>
    private async Task<PageAnswer> PutSectionAsync(HttpContext context, Func<Device, JsonObject, JsonObject, string, TwinFailure> put)
    {
        if (Find(context) is not { } device)
        {
            return NoDevice;
        }

        string ifMatch = context.Request.Headers.IfMatch.ToString();
        if (ifMatch.Length == 0)
        {
            return PageAnswer.Refuse(StatusCodes.Status428PreconditionRequired, "If-Match must name the twin that was edited.");
        }

        (JsonObject section, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return PageAnswer.Refuse(refusal.Status, refusal.Error!.Message);
        }

        var now = new JsonObject();
        device.Twin.Describe(now);
        string eTag = now["etag"]!.GetValue<string>();
        TwinFailure failure = EntityTags.Meets(eTag, ifMatch) ? put(device, now, section, eTag) : TwinFailure.Precondition("");
        return failure.Status switch
        {
            0 => PageAnswer.Ok(PageReads.ViewOf(device), PageJson.Default.DeviceView),
            StatusCodes.Status412PreconditionFailed => PageAnswer.Refuse(failure.Status, "The twin has changed since it was loaded."),
            int status => PageAnswer.Refuse(status, failure.Message),
        };
    }

    private Device? Find(HttpContext context) => registry.Find(context.Request.Query["id"].ToString());

    /// <exception cref="BadHttpRequestException">The body is not the JSON that the call takes, or too large.</exception>
    private static async Task<TForm> ReadAsync<TForm>(HttpContext context, JsonTypeInfo<TForm> type)
        where TForm : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) ?? throw new JsonException("The body is null.");
        }
        catch (JsonException broken)
        {
            throw new BadHttpRequestException($"The body is not what this call takes: {broken.Message}", broken);
        }
    }
}
