using Node.Host.Upload;

namespace Node.Host.Configuration;

/// <summary>Reads how readings go out.</summary>
internal sealed class UploadOptionsReader(SettingsReader settings)
{
    public UploadOptions Read()
    {
        var defaults = new UploadOptions();
        return new UploadOptions
        {
            BatchCount = settings.Integer("Node:BatchCount", defaults.BatchCount, 1, UploadOptions.MostReadings),
            BatchDelay = settings.Period("Node:BatchDelay", defaults.BatchDelay, TimeSpan.Zero, UploadOptions.LongestBatchDelay),
            BatchBytes = settings.Integer("Node:BatchBytes", defaults.BatchBytes, UploadOptions.LeastBatchBytes, UploadOptions.GreatestBatchBytes),
            Gzip = settings.Choice("Node:Compression", false, ("none", false), ("gzip", true)),
            Window = ReadWindow("Node:UploadWindow"),
            DailyBytes = settings.Long("Node:DailyBytes", defaults.DailyBytes, 0, UploadOptions.GreatestDailyBytes),
        };
    }

    private UploadWindow ReadWindow(string path)
    {
        string? text = settings.Text(path, null, "five cron fields for the minutes in which readings go out, several separated by ';'; UTC");
        if (text is null)
        {
            return UploadWindow.Always;
        }

        if (!UploadWindow.TryParse(text, out UploadWindow window, out string reason))
        {
            settings.Fault(path, $"'{text}' is not allowed; {reason}");
        }

        return window;
    }
}
