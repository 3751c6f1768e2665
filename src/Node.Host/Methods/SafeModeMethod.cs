using System.Text.Json.Nodes;
using Node.Host.Composition;

namespace Node.Host.Methods;

/// <summary><c>exitSafeMode</c>: the next start is an ordinary one, and it comes at once.</summary>
internal sealed class SafeModeMethod(BootRecord boot, NodeRestart restart) : IMethodGroup
{
    private const string Name = "exitSafeMode";

    public IEnumerable<string> Names => [Name];

    public Method? Find(string component, string command) => component.Length > 0 || command != Name ? null : Method.AtOnce(
        call =>
        {
            if (Payload.NotNothing(call.Payload) is { } unknown)
            {
                return MethodAnswers.BadPayload(unknown);
            }

            if (!boot.IsSafeMode)
            {
                return MethodAnswers.Error(409, "the node is not in safe mode");
            }

            boot.NoteGood();
            restart.Begin();
            return MethodAnswers.Begun(new JsonObject { ["restartInSeconds"] = NodeRestart.Delay.TotalSeconds, ["exitCode"] = NodeRestart.ExitCode });
        },
        movesSomething: true);
}
