using System.CommandLine;
using Node.Host.Composition;
using Node.Host.Configuration;

namespace Node.Host.Cli;

/// <summary><c>sensornode health</c>: asks the running node of the same data folder; exit code 0 when it is alive and sampling.</summary>
internal static class HealthCommand
{
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
            return NodeCommandLine.Refuse($"no node runs on {loaded.Options.DataFolder}; start it with 'sensornode run'", NodeCommandLine.Failed);
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
            return NodeCommandLine.Refuse($"the node (pid {node.Pid}) does not answer at {node.HttpUrl}; see its log, restart it", NodeCommandLine.Failed);
        }
    }
}
