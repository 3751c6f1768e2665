using System.CommandLine;
using Node.Host.Composition;
using Node.Host.Configuration;

namespace Node.Host.Cli;

/// <summary><c>sensornode health</c>: asks the running node of the same data folder; exit code 0 when it is alive and sampling.</summary>
internal static class HealthCommand
{
    private const int LongestText = 100; // balena cuts the output of a health check there.

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public static Command Create(Option<string[]> settings)
    {
        var command = new Command("health", "Asks the running node whether it is alive and sampling. A lost hub is no ill health.");
        command.SetAction((parsed, cancellationToken) => AskAsync(parsed, settings, cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(ParseResult parsed, Option<string[]> settings, CancellationToken cancellationToken)
    {
        if (!Settings.TryLoad(parsed, settings, out _, out LoadedConfiguration loaded))
        {
            return NodeCommandLine.Unusable;
        }

        RunningNode? node = RunningNode.Read(loaded.Options.DataFolder);
        if (node is null)
        {
            return Ill("no node runs on ", loaded.Options.DataFolder, "; start it with 'sensornode run'");
        }

        try
        {
            using var http = new HttpClient { Timeout = LongestWait };
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"{node.HttpUrl}/healthz"), cancellationToken);
            Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
            return answer.IsSuccessStatusCode ? NodeCommandLine.Done : NodeCommandLine.Failed;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException or UriFormatException)
        {
            return Ill($"the node (pid {node.Pid}) does not answer at ", node.HttpUrl, "; see its log, restart it");
        }
    }

    /// <summary>Says it in a line that fits; of the place no more than its end.</summary>
    private static int Ill(string what, string place, string remedy)
    {
        int room = LongestText - "sensornode: ".Length - what.Length - remedy.Length;
        return NodeCommandLine.Refuse($"{what}{(place.Length <= room ? place : "…" + place[^(room - 1)..])}{remedy}", NodeCommandLine.Failed);
    }
}
