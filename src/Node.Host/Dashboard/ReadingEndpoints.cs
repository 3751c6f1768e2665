using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Node.Host.Dashboard.Events;
using Node.Host.Dashboard.History;
using Node.Host.Sensing;

namespace Node.Host.Dashboard;

/// <summary>
/// Readings over HTTP: <c>GET /sensor/{sensor}_{quantity}</c> in ESPHome's shape, and <c>GET /api/history/{sensor}?seconds=3600</c>.
/// </summary>
internal static class ReadingEndpoints
{
    private const int DefaultSeconds = 3_600;
    private const int LeastSeconds = 60;
    private static readonly int MostSeconds = (int)QuantityHistory.Reach.TotalSeconds;

    public static void MapReadings(this IEndpointRouteBuilder app, SensorArray sensors, ReadingHistory history)
    {
        app.MapShow("/sensor/{id}", context => ShowAsync(context, sensors));
        app.MapShow("/api/history/{sensor}", context => HistoryAsync(context, sensors, history));
    }

    private static Task ShowAsync(HttpContext context, SensorArray sensors)
    {
        string id = context.Request.RouteValues["id"] as string ?? "";
        foreach (SensorChannel sensor in sensors.Channels)
        {
            IReadOnlyList<JudgedValue> values = sensor.Status.Reading?.Values ?? [];
            foreach (JudgedValue value in values.Where(value => EventMessages.IdOf(sensor, value) == id || (sensor.Name == id && values.Count == 1)))
            {
                return Answers.JsonAsync(context, Encoding.UTF8.GetBytes(EventMessages.Text(EventMessages.Value(sensor, value))));
            }
        }

        IEnumerable<string> known = sensors.Channels.SelectMany(sensor => (sensor.Status.Reading?.Values ?? []).Select(value => EventMessages.IdOf(sensor, value)));
        return Answers.RefuseAsync(context, StatusCodes.Status404NotFound, $"there is no such quantity, or it was not read yet; there are {string.Join(", ", known)}");
    }

    private static Task HistoryAsync(HttpContext context, SensorArray sensors, ReadingHistory history)
    {
        if (!sensors.TryFind(context.Request.RouteValues["sensor"] as string ?? "", out SensorChannel? sensor))
        {
            return Answers.RefuseAsync(context, StatusCodes.Status404NotFound,
                $"there is no such sensor; there are {string.Join(", ", sensors.Channels.Select(channel => channel.Name))}");
        }

        string asked = context.Request.Query["seconds"].ToString();
        int seconds = DefaultSeconds;
        if (asked.Length > 0 && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds < LeastSeconds || seconds > MostSeconds))
        {
            return Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, $"seconds is not allowed; allowed is a whole number from {LeastSeconds} to {MostSeconds}");
        }

        SensorHistory curves = history.Read(sensor.Name, TimeSpan.FromSeconds(seconds));
        return Answers.JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(curves, HistoryJson.Default.SensorHistory));
    }
}
