namespace Node.Host.Actuation;

/// <summary>How a switch's state is written everywhere outside: <c>on</c> and <c>off</c>.</summary>
internal static class OnOff
{
    public static string Text(bool on) => on ? "on" : "off";
}
