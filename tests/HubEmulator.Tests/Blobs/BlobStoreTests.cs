using System.Text;
using HubEmulator.Blobs;
using HubEmulator.State;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Blobs;

public sealed class BlobStoreTests : IDisposable
{
    private const string Name = "dev-01/log.txt";
    private static readonly BlobLimits Small = new() { RequestBytes = 100, Blocks = 3, Blobs = 2, CapacityBytes = 100, StagedLifetime = TimeSpan.FromHours(1) };

    private readonly string _path = Directory.CreateTempSubdirectory("blob-tests-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private string Blobs => Path.Combine(_path, "blobs");

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task A_blob_outlives_the_store_and_blocks_without_a_blob_do_not()
    {
        BlobStore store = Open();
        await PutAsync(store, Name, "hello");
        await BlockAsync(store, "dev-01/other", "MDAw", "block");

        BlobStore again = Open();

        Assert.Equal("hello", Read(again, Name));
        Assert.Equal(store.Find(Name)!.ETag, again.Find(Name)!.ETag);
        Assert.Equal(2, Directory.GetFiles(Blobs).Length);
        Assert.Equal(BlobFailure.UnknownBlock, (await CommitAsync(again, "dev-01/other", "MDAw")).Failure);
    }

    [Fact]
    public async Task A_later_blob_takes_the_place_of_the_earlier_one_with_a_new_tag_and_leaves_no_file()
    {
        BlobStore store = Open();
        StoredBlob first = (await PutAsync(store, Name, "first")).Blob!;
        _clock.Advance(TimeSpan.FromSeconds(5));

        StoredBlob second = (await PutAsync(store, Name, "2nd")).Blob!;

        Assert.Equal("2nd", Read(store, Name));
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(first.Created, second.Created);
        Assert.Equal(first.Modified + TimeSpan.FromSeconds(5), second.Modified);
        Assert.Equal(2, Directory.GetFiles(Blobs).Length);
    }

    [Fact]
    public async Task What_is_open_stays_whole_while_another_blob_takes_its_place()
    {
        BlobStore store = Open();
        await PutAsync(store, Name, "first");
        (_, FileStream content) = store.TryOpen(Name)!.Value;
        await using FileStream closed = content;

        await PutAsync(store, Name, "2nd");
        store.Delete(Name, default);
        using var reader = new StreamReader(content);

        Assert.Equal("first", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(Blobs));
    }

    [Fact]
    public async Task Blocks_come_from_where_the_list_says()
    {
        BlobStore store = Open();
        await BlockAsync(store, Name, "AAAA", "old-a;");
        await BlockAsync(store, Name, "BBBB", "old-b;");
        await CommitAsync(store, Name, "AAAA", "BBBB");
        await BlockAsync(store, Name, "AAAA", "new-a;");
        BlockReference[] list = [new("BBBB", BlockPlace.Latest), new("AAAA", BlockPlace.Committed), new("AAAA", BlockPlace.Latest), new("AAAA", BlockPlace.Uncommitted)];
        BlobFailure? nowhere = (await store.CommitAsync(Name, [new("BBBB", BlockPlace.Uncommitted)], [], default, TestContext.Current.CancellationToken)).Failure;

        await store.CommitAsync(Name, list, [], default, TestContext.Current.CancellationToken);

        Assert.Equal(BlobFailure.UnknownBlock, nowhere);
        Assert.Equal("old-b;old-a;new-a;new-a;", Read(store, Name));
        Assert.Equal(2, Directory.GetFiles(Blobs).Length); // stored blocks are gone
    }

    [Fact]
    public async Task A_list_may_be_committed_again_when_its_answer_was_lost()
    {
        BlobStore store = Open();
        await BlockAsync(store, Name, "AAAA", "text");
        await CommitAsync(store, Name, "AAAA");

        (StoredBlob? blob, BlobFailure? failure) = await CommitAsync(store, Name, "AAAA");

        Assert.Null(failure);
        Assert.Equal(4, blob!.Length);
        Assert.Equal("text", Read(store, Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("***")]
    [InlineData("AAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")] // 65 bytes
    public async Task A_block_id_is_base64_of_at_most_64_bytes(string id)
    {
        BlobStore store = Open();

        Assert.Equal("InvalidQueryParameterValue", (await BlockAsync(store, Name, id, "x"))!.Code);
        Assert.Null(await BlockAsync(store, Name, Convert.ToBase64String(new byte[64]), "x"));
    }

    [Fact]
    public async Task Block_ids_of_one_blob_have_one_length_until_it_is_made()
    {
        BlobStore store = Open();
        await BlockAsync(store, Name, "AAAA", "x");

        BlobFailure? longer = await BlockAsync(store, Name, "AAAAAAAA", "x");
        BlobFailure? elsewhere = await BlockAsync(store, "dev-01/other", "AAAAAAAA", "x");
        await CommitAsync(store, Name, "AAAA");
        BlobFailure? afterwards = await BlockAsync(store, Name, "AAAAAAAA", "x");

        Assert.Equal(BlobFailure.InvalidBlock, longer);
        Assert.Null(elsewhere);
        Assert.Null(afterwards);
    }

    [Fact]
    public async Task Content_that_does_not_fit_its_digest_is_not_kept()
    {
        BlobStore store = Open();
        var content = new BlobContent(Name, Bytes("hello"), 5, Convert.FromBase64String("VL9Dll4ruqIMIsIsp7Tpxw=="));
        var right = new BlobContent(Name, Bytes("hello"), 5, Convert.FromBase64String("XUFAKrxLKna5cZ2REBfFkg=="));

        (_, BlobFailure? failure) = await store.PutAsync(content, [], default, TestContext.Current.CancellationToken);
        BlobFailure? block = await store.PutBlockAsync(content with { Bytes = Bytes("hello") }, "AAAA", TestContext.Current.CancellationToken);
        int files = Directory.GetFiles(Blobs).Length;
        (StoredBlob? blob, _) = await store.PutAsync(right, [], default, TestContext.Current.CancellationToken);

        Assert.Equal(BlobFailure.OtherDigest, failure);
        Assert.Equal(BlobFailure.OtherDigest, block);
        Assert.Equal(0, files);
        Assert.NotNull(blob);
    }

    [Fact]
    public async Task Conditions_name_a_tag_or_any()
    {
        BlobStore store = Open();

        BlobFailure? absent = (await PutAsync(store, Name, "x", new BlobCondition("*", null))).Failure;
        StoredBlob first = (await PutAsync(store, Name, "x", new BlobCondition(null, "*"))).Blob!;
        BlobFailure? exists = (await PutAsync(store, Name, "x", new BlobCondition(null, "*"))).Failure;
        BlobFailure? other = (await PutAsync(store, Name, "x", new BlobCondition("0x1", null))).Failure;
        BlobFailure? same = (await PutAsync(store, Name, "x", new BlobCondition(first.ETag, null))).Failure;
        BlobFailure? stale = store.Delete(Name, new BlobCondition(first.ETag, null));

        Assert.Equal(BlobFailure.ConditionNotMet, absent);
        Assert.Equal(BlobFailure.BlobExists, exists);
        Assert.Equal(BlobFailure.ConditionNotMet, other);
        Assert.Null(same);
        Assert.Equal(BlobFailure.ConditionNotMet, stale);
    }

    [Fact]
    public async Task A_full_store_refuses_until_something_goes()
    {
        BlobStore store = Open(Small);
        await PutAsync(store, Name, new string('x', 60));

        BlobFailure? tooMuch = (await PutAsync(store, "b", new string('x', 41))).Failure;
        BlobFailure? block = await BlockAsync(store, "b", "AAAA", new string('x', 40));
        BlobFailure? copy = (await CommitAsync(store, "b", "AAAA")).Failure; // for a moment blocks and blob are both on disk
        store.Delete(Name, default);
        BlobFailure? copied = (await CommitAsync(store, "b", "AAAA")).Failure;
        BlobFailure? rest = (await PutAsync(store, "c", new string('x', 60))).Failure;
        BlobFailure? third = (await PutAsync(store, "d", "")).Failure;

        Assert.Equal(BlobFailure.Full, tooMuch);
        Assert.Null(block);
        Assert.Equal(BlobFailure.Full, copy);
        Assert.Null(copied);
        Assert.Null(rest);
        Assert.Equal(BlobFailure.Full, third); // the number of blobs has an end too
    }

    [Fact]
    public async Task Blocks_are_limited_in_number_and_go_after_a_while()
    {
        BlobStore store = Open(Small);
        await BlockAsync(store, Name, "AAAA", new string('x', 30));
        await BlockAsync(store, Name, "BBBB", new string('x', 30));
        await BlockAsync(store, Name, "CCCC", new string('x', 30));

        BlobFailure? fourth = await BlockAsync(store, Name, "DDDD", "x");
        BlobFailure? again = await BlockAsync(store, Name, "CCCC", "x");
        _clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromTicks(1));
        BlobFailure? later = (await PutAsync(store, "b", new string('x', 100))).Failure;

        Assert.Equal(BlobFailure.TooManyBlocks, fourth);
        Assert.Null(again);
        Assert.Null(later);
        Assert.Equal(BlobFailure.UnknownBlock, (await CommitAsync(store, Name, "AAAA")).Failure);
    }

    [Fact]
    public async Task A_body_that_breaks_off_leaves_nothing_behind()
    {
        BlobStore store = Open(Small);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(new BlobContent(Name, Bytes("x"), 100, null), [], default, gone.Token));

        Assert.Empty(Directory.GetFiles(Blobs));
        Assert.Null((await PutAsync(store, Name, new string('x', 100))).Failure); // its bytes are free again
    }

    [Fact]
    public async Task Blocks_stay_when_making_the_blob_breaks_off()
    {
        BlobStore store = Open();
        await BlockAsync(store, Name, "AAAA", "text");
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CommitAsync(Name, [new("AAAA", BlockPlace.Latest)], [], default, gone.Token));

        Assert.Null((await CommitAsync(store, Name, "AAAA")).Failure);
        Assert.Equal("text", Read(store, Name));
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("note.json")]
    [InlineData("tab\\back*?:|\"<>.txt")]
    [InlineData("äöü 😀")]
    public async Task Any_name_is_kept_inside_the_folder(string name)
    {
        BlobStore store = Open();

        await PutAsync(store, name, "content");
        await PutAsync(store, name.ToUpperInvariant() + "x", "other");

        Assert.Equal("content", Read(Open(), name));
        Assert.Equal(4, Directory.GetFiles(Blobs).Length);
        Assert.Single(Directory.GetFileSystemEntries(_path));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"name":"a","file":"missing","length":1,"eTag":"1","created":"2026-01-01T00:00:00+00:00","modified":"2026-01-01T00:00:00+00:00","headers":{},"blocks":[]}""")]
    public async Task A_damaged_note_is_named_with_a_remedy(string text)
    {
        Directory.CreateDirectory(Blobs);
        string note = Path.Combine(Blobs, "a.json");
        await File.WriteAllTextAsync(note, text, TestContext.Current.CancellationToken);

        LocalHubException refused = Assert.Throws<LocalHubException>(() => Open());

        Assert.Equal(LocalHubFault.DataFolderUnusable, refused.Fault);
        Assert.StartsWith(note, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Delete", refused.Message, StringComparison.Ordinal);
    }

    private BlobStore Open(BlobLimits? limits = null) => new(DataFolder.Open(_path), _clock, limits ?? new BlobLimits());

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Task<(StoredBlob? Blob, BlobFailure? Failure)> PutAsync(BlobStore store, string name, string text, BlobCondition condition = default) =>
        store.PutAsync(new BlobContent(name, Bytes(text), text.Length, null), [], condition, TestContext.Current.CancellationToken);

    private static Task<BlobFailure?> BlockAsync(BlobStore store, string name, string id, string text) =>
        store.PutBlockAsync(new BlobContent(name, Bytes(text), text.Length, null), id, TestContext.Current.CancellationToken);

    private static Task<(StoredBlob? Blob, BlobFailure? Failure)> CommitAsync(BlobStore store, string name, params string[] ids) =>
        store.CommitAsync(name, [.. ids.Select(id => new BlockReference(id, BlockPlace.Latest))], [], default, TestContext.Current.CancellationToken);

    private static string Read(BlobStore store, string name)
    {
        using FileStream content = store.TryOpen(name)!.Value.Content;
        using var reader = new StreamReader(content);
        return reader.ReadToEnd();
    }
}
