using System.Diagnostics.CodeAnalysis;

/// <summary>
/// What the .NET runtime runs before a program's own code when <c>DOTNET_STARTUP_HOOKS</c> names this assembly: tests put a defect into the real,
/// unchanged node with it. It waits for a file to appear, whose name says what goes wrong.
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for exactly this name.")]
internal static class StartupHook
{
    public const string FolderVariable = "HILRIG_DEFECTS";
    public const string Unhandled = "unhandled";
    public const string Starved = "starved";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
        {
            new Thread(() => Wait(folder)) { IsBackground = true, Name = "defect" }.Start();
        }
    }

    private static void Wait(string folder)
    {
        using var never = new ManualResetEvent(initialState: false);
        while (!never.WaitOne(20))
        {
            if (File.Exists(Path.Combine(folder, Unhandled)))
            {
                throw new InvalidOperationException("a defect that a test put here");
            }

            if (File.Exists(Path.Combine(folder, Starved)))
            {
                Starve(never);
            }
        }
    }

    /// <summary>Every thread that the pool may have hangs for ever.</summary>
    private static void Starve(ManualResetEvent never)
    {
        ThreadPool.SetMinThreads(1, 1);
        ThreadPool.SetMaxThreads(Environment.ProcessorCount, Environment.ProcessorCount);
        for (int i = 0; i < 10_000; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static each => each.WaitOne(), never, preferLocal: false);
        }

        never.WaitOne();
    }
}
