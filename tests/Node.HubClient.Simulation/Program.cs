using System.Globalization;
using Node.HubClient.Simulation;

return args is ["soak", ..] ? Soak(args) : Usage();

static int Usage()
{
    Console.Error.WriteLine("Usage: soak [--seeds N] [--from S]    runs N seeds (default 10000) from S (default 1); a failing seed prints its timeline. Exit 0 none failed, 1 one failed, 2 usage.");
    return 2;
}

static int Soak(string[] args)
{
    int seeds = 10_000;
    int from = 1;
    for (int index = 1; index < args.Length; index += 2)
    {
        bool number = index + 1 < args.Length && int.TryParse(args[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0;
        switch (args[index])
        {
            case "--seeds" when number:
                seeds = int.Parse(args[index + 1], CultureInfo.InvariantCulture);
                break;
            case "--from" when number:
                from = int.Parse(args[index + 1], CultureInfo.InvariantCulture);
                break;
            default:
                return Usage();
        }
    }

    long turns = 0;
    long messages = 0;
    for (int seed = from; seed < from + seeds; seed++)
    {
        using var simulation = new SimulatedRun(seed, new SimulationOptions());
        try
        {
            simulation.Run();
        }
        catch (SimulationException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }

        turns += simulation.Turns;
        messages += simulation.Arrived;
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seeds} seeds from {from}: every invariant held over {turns} turns and {messages} messages."));
    return 0;
}
