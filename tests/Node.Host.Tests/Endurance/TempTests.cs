namespace Node.Host.Tests.Endurance;
[Collection(AloneInMemory.Name)]
public sealed class TempTests
{
    [Fact]
    public Task Grow() => Task.Run(async () =>
    {
        foreach (int mode in new[] { 0 })
        {
            RoughDay.Mode = mode;
            using var day = new RoughDay(1);
            for (int h = 1; h <= 14; h += 1)
            {
                await day.RunUntilAsync(TimeSpan.FromHours(h));
                Console.Error.WriteLine($"mode {mode} {h} h {GC.GetTotalMemory(true) >> 10} KiB queued {day.Time.Queued}");
            }
        }
        Assert.Fail("look");
    });
}
