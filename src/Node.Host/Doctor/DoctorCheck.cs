namespace Node.Host.Doctor;

/// <summary>One thing that the doctor looks at.</summary>
/// <param name="Name">Short and stable: scripts may look for it.</param>
/// <param name="RunAsync">Looks; may throw what the world throws, which then is the finding.</param>
internal sealed record DoctorCheck(string Name, Func<CancellationToken, Task<Finding>> RunAsync)
{
    public DoctorCheck(string name, Func<Finding> run)
        : this(name, _ => Task.Run(run))
    {
    }
}
