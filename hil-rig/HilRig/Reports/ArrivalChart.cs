using System.Globalization;
using System.Text;
using HilRig.Checks;

namespace HilRig.Reports;

/// <summary>Draws how many readings arrived in each slice of the run, with the steps of the timeline behind them, as inline SVG.</summary>
internal static class ArrivalChart
{
    private const int Slices = 120;
    private const int Width = 720;
    private const int Height = 120;
    private const int Floor = 100;

    public static string Draw(RunRecord run)
    {
        TimeSpan end = run.Arrivals.Select(arrival => arrival.At).Concat(run.Steps.Select(step => step.Ended)).DefaultIfEmpty().Max();
        if (end <= TimeSpan.Zero)
        {
            return "";
        }
        var counts = new int[Slices];
        foreach (Arrival arrival in run.Arrivals)
        {
            counts[Math.Clamp((int)(arrival.At / end * Slices), 0, Slices - 1)]++;
        }
        var picture = new StringBuilder();
        picture.Append(CultureInfo.InvariantCulture, $"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="readings that arrived over time">""");
        foreach (StepRecord step in run.Steps)
        {
            double from = step.Began / end * Width;
            double width = Math.Max(2, ((step.Ended - step.Began) / end) * Width);
            picture.Append(CultureInfo.InvariantCulture, $"""<rect class="step" x="{from:0.0}" y="0" width="{width:0.0}" height="{Floor}"/>""");
        }
        double most = Math.Max(1, counts.Max());
        for (int slice = 0; slice < Slices; slice++)
        {
            double height = counts[slice] / most * (Floor - 4);
            picture.Append(CultureInfo.InvariantCulture, $"""<rect class="bar" x="{slice * Width / (double)Slices:0.0}" y="{Floor - height:0.0}" width="{(Width / (double)Slices) - 1:0.0}" height="{height:0.0}"/>""");
        }
        picture.Append(CultureInfo.InvariantCulture, $"""<text x="0" y="{Height - 5}">0 s</text><text x="{Width}" y="{Height - 5}" text-anchor="end">{end.TotalSeconds:0} s; up to {most:0} readings in {end.TotalSeconds / Slices:0.0} s</text></svg>""");
        return picture.ToString();
    }
}
