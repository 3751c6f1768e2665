namespace Node.Benchmarks.Report;

/// <summary>Measures several subjects in turn, round after round, their order shuffled in each by a fixed seed.</summary>
internal static class Rounds
{
    private const int Seed = 1;

    /// <summary>Runs them; what disturbs the machine for a while disturbs all of them alike.</summary>
    public static Results<T> Run<T>(int rounds, params IReadOnlyList<Subject<T>> subjects)
    {
        var random = new Random(Seed);
        var results = new Results<T>(subjects.Select(subject => subject.Name));
        Subject<T>[] order = [.. subjects];
        for (int round = 0; round < rounds; round++)
        {
            random.Shuffle(order);
            foreach (Subject<T> subject in order)
            {
                results.Add(subject.Name, subject.Measure());
            }
        }

        return results;
    }
}

/// <summary>What is measured once in each round.</summary>
/// <param name="Name">Name in the tables.</param>
/// <param name="Measure">One measurement.</param>
internal sealed record Subject<T>(string Name, Func<T> Measure);
