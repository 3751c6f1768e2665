using Node.Host.Composition;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Composition;

public sealed class BootRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void After_so_many_starts_that_did_not_last_the_next_one_is_safe_and_stays_so_until_one_lasts()
    {
        Assert.All(Enumerable.Range(0, 3), _ => Assert.False(Begin().IsSafeMode));

        Assert.True(Begin().IsSafeMode);
        BootRecord safe = Begin();
        Assert.True(safe.IsSafeMode);
        safe.NoteGood();

        Assert.False(Begin().IsSafeMode);
    }

    [Fact]
    public void A_start_that_lasts_forgets_the_bad_ones_and_a_stop_in_order_is_no_bad_one()
    {
        Begin();
        Begin();
        Begin().NoteStopped();
        BootRecord third = Begin();
        Assert.False(third.IsSafeMode);
        third.NoteGood();

        Assert.All(Enumerable.Range(0, 3), _ => Assert.False(Begin().IsSafeMode));
        Assert.True(Begin().IsSafeMode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"bad\":")]
    [InlineData("{\"bad\":-7}")]
    public void A_torn_record_counts_as_none(string content)
    {
        File.WriteAllText(_folder.File("boot.json"), content);

        Assert.False(Begin().IsSafeMode);
        Assert.Equal("{\"bad\":1}", File.ReadAllText(_folder.File("boot.json")));
    }

    [Fact]
    public void Zero_is_never()
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.False(BootRecord.Begin(_folder.Path, 0).IsSafeMode);
        }
    }

    private BootRecord Begin() => BootRecord.Begin(_folder.Path, 3);
}
