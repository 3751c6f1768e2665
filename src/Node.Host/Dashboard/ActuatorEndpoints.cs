using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Node.Host.Actuation;
using Node.Host.Methods;
using Node.Sensors.Actuators;

namespace Node.Host.Dashboard;

/// <summary>
/// Actuators over HTTP, in the two forms that tools know: <c>PUT /actuators/NAME</c> with the body <c>On</c> or <c>Off</c>, which <c>GET</c>
/// gives back as it is (labgrid's HttpDigitalOutput); and <c>POST /switch/NAME/turn_on|turn_off|toggle</c> (ESPHome),
/// beside which <c>POST /switch/NAME/pulse?seconds=2</c> switches on for so long. Changes need the token.
/// </summary>
internal static class ActuatorEndpoints
{
    private const string By = "http";
    private const int LongestBody = 64;

    public static void MapActuators(this WebApplication app, ActuatorBank actuators, LocalToken door)
    {
        app.MapShow("/actuators/{name}", context => ShowAsync(context, actuators));
        app.MapPut("/actuators/{name}", context => PutAsync(context, actuators, door));
        app.MapShow("/switch/{name}", context => ShowSwitchAsync(context, actuators));
        app.MapPost("/switch/{name}/{action}", context => PostAsync(context, actuators, door));
    }

    private static Task ShowAsync(HttpContext context, ActuatorBank actuators) =>
        TryFind(context, actuators, out ActuatorChannel actuator) ? WriteState(context, actuator) : NotFound(context, actuators);

    private static async Task PutAsync(HttpContext context, ActuatorBank actuators, LocalToken door)
    {
        if (!await door.AllowsAsync(context))
        {
            return;
        }

        if (!TryFind(context, actuators, out ActuatorChannel actuator))
        {
            await NotFound(context, actuators);
            return;
        }

        OutputCommand? command = CommandIn(await BodyAsync(context), actuator);
        if (command is null)
        {
            await Write(context, StatusCodes.Status400BadRequest, $"the body is not allowed; allowed is On or Off{(actuator.Options.IsPwm ? ", or a level from 0 to 1" : "")}");
            return;
        }

        await AnswerAsync(context, actuator, actuator.Execute(command));
    }

    private static async Task PostAsync(HttpContext context, ActuatorBank actuators, LocalToken door)
    {
        if (!await door.AllowsAsync(context))
        {
            return;
        }

        string action = context.Request.RouteValues["action"] as string ?? "";
        OutputCommand? command = action switch
        {
            "turn_on" => OutputCommand.On(By),
            "turn_off" => OutputCommand.Set(0, By),
            "toggle" => OutputCommand.Toggle(By),
            "pulse" => Pulse(context.Request.Query["seconds"].ToString()),
            _ => null,
        };
        await (!TryFind(context, actuators, out ActuatorChannel actuator) || (command is null && action != "pulse") ? NotFound(context, actuators)
            : command is null ? Write(context, StatusCodes.Status400BadRequest, "seconds is not allowed; allowed is a number from 0.1 to 3600")
            : AnswerAsync(context, actuator, actuator.Execute(command)));
    }

    /// <summary>A pulse of 0.1 s to an hour, a second when nothing is said; null for what is no such time.</summary>
    private static OutputCommand? Pulse(string seconds) =>
        seconds.Length == 0 ? OutputCommand.Pulse(TimeSpan.FromSeconds(1), By)
        : double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double length) && length is >= 0.1 and <= 3600
            ? OutputCommand.Pulse(TimeSpan.FromSeconds(length), By)
            : null;

    private static Task ShowSwitchAsync(HttpContext context, ActuatorBank actuators)
    {
        if (!TryFind(context, actuators, out ActuatorChannel actuator))
        {
            return NotFound(context, actuators);
        }

        bool? on = actuator.IsOn;
        var json = new JsonObject { ["id"] = $"switch-{actuator.Name}", ["name"] = actuator.Name, ["value"] = on, ["state"] = on switch { true => "ON", false => "OFF", _ => "NA" } };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString(), context.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext context, ActuatorChannel actuator, OutputAnswer answer)
    {
        if (answer.IsDone)
        {
            return WriteState(context, actuator);
        }

        if (answer.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return Write(context, ActuatorAnswers.StatusOf(answer.Refusal), $"{answer.Reason}; it is {ActuatorAnswers.StateOf(answer.Status)}");
    }

    private static OutputCommand? CommandIn(string? body, ActuatorChannel actuator) => body?.Trim() switch
    {
        { } text when text.Equals("On", StringComparison.OrdinalIgnoreCase) => OutputCommand.On(By),
        { } text when text.Equals("Off", StringComparison.OrdinalIgnoreCase) => OutputCommand.Set(0, By),
        { } text when actuator.Options.IsPwm && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double level) => OutputCommand.Set(level, By),
        _ => null,
    };

    /// <summary>The body as text; null when it is longer than any state.</summary>
    private static async Task<string?> BodyAsync(HttpContext context)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(LongestBody + 1);
        try
        {
            int length = await context.Request.Body.ReadAtLeastAsync(buffer.AsMemory(0, LongestBody + 1), LongestBody + 1, throwOnEndOfStream: false, context.RequestAborted);
            return length > LongestBody ? null : Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool TryFind(HttpContext context, ActuatorBank actuators, out ActuatorChannel actuator)
    {
        bool found = actuators.TryFind(context.Request.RouteValues["name"] as string ?? "", out ActuatorChannel? channel);
        actuator = channel!;
        return found;
    }

    private static Task NotFound(HttpContext context, ActuatorBank actuators) => Write(context, StatusCodes.Status404NotFound,
        $"there is no such actuator or action; actuators are {string.Join(", ", actuators.Channels.Select(channel => channel.Name))}, actions turn_on, turn_off, toggle, pulse (seconds 0.1 to 3600)");

    private static Task WriteState(HttpContext context, ActuatorChannel actuator) => actuator.IsOn is { } on
        ? Write(context, StatusCodes.Status200OK, on ? "On" : "Off")
        : Write(context, StatusCodes.Status500InternalServerError, actuator.Fault ?? "the state cannot be read");

    private static Task Write(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
