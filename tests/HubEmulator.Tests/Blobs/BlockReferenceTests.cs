using System.Text;
using HubEmulator.Blobs;

namespace HubEmulator.Tests.Blobs;

public sealed class BlockReferenceTests
{
    [Fact]
    public void A_list_keeps_order_and_places()
    {
        bool read = TryRead("""
            <?xml version="1.0" encoding="utf-8"?>
            <BlockList><Latest>ICAgICAw</Latest> <Committed>MDAwMDAx</Committed><Uncommitted>MDAwMDAy</Uncommitted><Latest>ICAgICAw</Latest></BlockList>
            """, out List<BlockReference> list);

        Assert.True(read);
        Assert.Equal(
            [new("ICAgICAw", BlockPlace.Latest), new("MDAwMDAx", BlockPlace.Committed), new("MDAwMDAy", BlockPlace.Uncommitted), new("ICAgICAw", BlockPlace.Latest)],
            list);
    }

    [Theory]
    [InlineData("<BlockList/>")]
    [InlineData("<BlockList></BlockList>")]
    [InlineData("\uFEFF<?xml version=\"1.0\"?><!-- none --><BlockList> </BlockList>")]
    public void An_empty_list_is_one(string xml)
    {
        Assert.True(TryRead(xml, out List<BlockReference> list));
        Assert.Empty(list);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no xml")]
    [InlineData("<Blocks/>")]
    [InlineData("<BlockList><Newest>a</Newest></BlockList>")]
    [InlineData("<BlockList><1>a</1></BlockList>")]
    [InlineData("<BlockList><latest>a</latest></BlockList>")]
    [InlineData("<BlockList>text</BlockList>")]
    [InlineData("<BlockList><Latest><Latest>a</Latest></Latest></BlockList>")]
    [InlineData("<BlockList><Latest>a</Latest>")]
    [InlineData("<!DOCTYPE x [<!ENTITY e \"a\">]><BlockList><Latest>&e;</Latest></BlockList>")]
    public void Anything_else_is_refused(string xml) => Assert.False(TryRead(xml, out _));

    [Fact]
    public void Every_beginning_of_a_list_is_refused()
    {
        const string Whole = "<BlockList><Latest>ICAgICAw</Latest></BlockList>";

        Assert.All(Enumerable.Range(0, Whole.Length), length => Assert.False(TryRead(Whole[..length], out _)));
        Assert.True(TryRead(Whole, out _));
    }

    [Fact]
    public void A_list_has_a_longest_length()
    {
        string xml = $"<BlockList>{string.Concat(Enumerable.Repeat("<Latest>a</Latest>", 6))}</BlockList>";

        Assert.False(BlockReference.TryReadList(new MemoryStream(Encoding.UTF8.GetBytes(xml)), 5, out _));
        Assert.True(BlockReference.TryReadList(new MemoryStream(Encoding.UTF8.GetBytes(xml)), 6, out _));
    }

    private static bool TryRead(string xml, out List<BlockReference> list) => BlockReference.TryReadList(new MemoryStream(Encoding.UTF8.GetBytes(xml)), 100, out list);
}
