using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Configuration;
using Node.Host.Twin;

namespace Node.Host.Upload;

/// <summary>
/// The root's writable properties <c>batchCount</c>, <c>batchDelay</c>, <c>batchBytes</c>, <c>compression</c>, <c>uploadWindow</c> and
/// <c>dailyBytes</c>, and the read-only <c>upload</c>.
/// </summary>
internal sealed class UploadProperties(UploadControl upload, TimeProvider time)
{
    private const string Uncompressed = "none";
    private const string Compressed = "gzip";

    private static readonly TimeSpan ReportInterval = TimeSpan.FromHours(6); // A report costs bytes of the budget too.

    private UploadHold? _reported;
    private long _reportedAt;

    /// <summary>What the cloud may change.</summary>
    public IReadOnlyList<WritableProperty> Writable =>
    [
        Whole("batchCount", 1, UploadOptions.MostReadings, options => options.BatchCount, (options, count) => options with { BatchCount = (int)count }),
        PropertyTypes.Period("batchDelay", upload.Configured.BatchDelay, TimeSpan.Zero, UploadOptions.LongestBatchDelay,
            () => upload.InForce.BatchDelay, delay => upload.InForce = upload.InForce with { BatchDelay = delay }),
        Whole("batchBytes", UploadOptions.LeastBatchBytes, UploadOptions.GreatestBatchBytes,
            options => options.BatchBytes, (options, bytes) => options with { BatchBytes = (int)bytes }),
        Compression(),
        Window(),
        Whole("dailyBytes", 0, UploadOptions.GreatestDailyBytes, options => options.DailyBytes, (options, bytes) => options with { DailyBytes = bytes }),
    ];

    /// <summary>Sets what the hub shows: whether readings go out, the day's bytes and what a month comes to. At a change, and every six hours.</summary>
    public void Report(ReportedDocument reported)
    {
        UploadHold hold = upload.Hold;
        if (hold == _reported && time.GetElapsedTime(_reportedAt) < ReportInterval)
        {
            return;
        }

        (_reported, _reportedAt) = (hold, time.GetTimestamp());
        var json = new JsonObject { ["state"] = StateName(hold), ["bytesToday"] = upload.Traffic.Today };
        if (upload.NextOpening is { } next)
        {
            json["nextOpening"] = next.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        if (upload.Traffic.MonthlyBytes is { } monthly)
        {
            json["megabytesPerMonth"] = Megabytes(monthly);
        }

        reported.Set("", "upload", json);
    }

    public static string StateName(UploadHold hold) => hold switch
    {
        UploadHold.Window => "windowClosed",
        UploadHold.Budget => "budgetSpent",
        _ => "open",
    };

    /// <summary>Millions of bytes, to a hundredth.</summary>
    public static double Megabytes(double bytes) => Math.Round(bytes / 1e6, 2);

    private WritableProperty Whole(
        string name, long minimum, long maximum, Func<UploadOptions, long> read, Func<UploadOptions, long, UploadOptions> change) =>
        new(name, () => read(upload.InForce), value =>
        {
            long? wanted = value is null ? read(upload.Configured) : PropertyTypes.WholeNumber(value);
            return wanted is { } number && number >= minimum && number <= maximum
                ? Proposal.Accept(number, () => upload.InForce = change(upload.InForce, number))
                : Proposal.Refuse(string.Create(CultureInfo.InvariantCulture,
                    $"{name} {PropertyTypes.Quote(value)} is not allowed; allowed is a whole number from {minimum} to {maximum}"));
        });

    private WritableProperty Compression() => new("compression", () => Name(upload.InForce.Gzip), value =>
    {
        string wanted = value is null ? Name(upload.Configured.Gzip) : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";
        return wanted is Uncompressed or Compressed
            ? Proposal.Accept(wanted, () => upload.InForce = upload.InForce with { Gzip = wanted == Compressed })
            : Proposal.Refuse($"compression {PropertyTypes.Quote(value)} is not allowed; allowed is none or gzip");
    });

    /// <summary>Cron fields; empty text for always.</summary>
    private WritableProperty Window() => new("uploadWindow", () => upload.InForce.Window.Text, value =>
    {
        UploadWindow window = upload.Configured.Window;
        string reason = "expected is a text of cron fields, or an empty one for always";
        return value is null || (value.GetValueKind() == JsonValueKind.String && UploadWindow.TryParse(value.GetValue<string>(), out window, out reason))
            ? Proposal.Accept(window.Text, () => upload.InForce = upload.InForce with { Window = window })
            : Proposal.Refuse($"uploadWindow {PropertyTypes.Quote(value)} is not allowed; {reason}");
    });

    private static string Name(bool gzip) => gzip ? Compressed : Uncompressed;
}
