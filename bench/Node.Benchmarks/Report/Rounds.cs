namespace Node.Benchmarks.Report;

/// <summary>Measures several subjects in turn, round after round, their order shuffled in each by a fixed seed.</summary>
internal static class Rounds
{
    private const int Seed = 1;

    /// <summary>
    /// Runs them; what disturbs the machine for a while disturbs all of them alike. The first rounds of subjects that share this process
    /// can be left out: the compiler is still at work on them.
    /// </summary>
    public static Results<T> Run<T>(int rounds, IReadOnlyList<Subject<T>> subjects, int leftOut = 0)
    {
        var random = new Random(Seed);
        var results = new Results<T>(subjects.Select(subject => subject.Name));
        Subject<T>[] order = [.. subjects];
        for (int round = -leftOut; round < rounds; round++)
        {
            random.Shuffle(order);
            foreach (Subject<T> subject in order)
            {
                T measured = subject.Measure();
                if (round >= 0)
                {
                    results.Add(subject.Name, measured);
                }
            }
        }

        return results;
    }
}

/// <summary>What is measured once in each round.</summary>
/// <param name="Name">Name in the tables.</param>
/// <param name="Measure">One measurement.</param>
internal sealed record Subject<T>(string Name, Func<T> Measure);
