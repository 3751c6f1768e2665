using System.Text.Json.Nodes;
using Node.Host.Twin;

namespace Node.Host.Tests.Twin;

public sealed class MergePatchTests
{
    [Theory]
    [InlineData("""{}""", """{}""", """{}""")]
    [InlineData("""{"a":1}""", """{"a":1}""", """{}""")]
    [InlineData("""{"a":1}""", """{"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """{}""", """{"a":null}""")]
    [InlineData("""{}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"b":1,"c":3}}""", """{"a":{"c":3}}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":5}""", """{"a":5}""")]
    [InlineData("""{"a":5}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""")]
    public void The_difference_is_the_smallest_patch_and_leads_there(string from, string to, string expected)
    {
        JsonObject start = Parse(from);

        JsonObject patch = MergePatch.Between(start, Parse(to));
        MergePatch.Apply(start, patch);

        Assert.True(JsonNode.DeepEquals(Parse(expected), patch), patch.ToJsonString());
        Assert.True(JsonNode.DeepEquals(Parse(to), start), start.ToJsonString());
    }

    [Fact]
    public void Random_documents_are_reached_by_their_difference()
    {
        var chance = new Random(3);
        for (int i = 0; i < 500; i++)
        {
            JsonObject from = Draw(chance, 3);
            JsonObject to = Draw(chance, 3);

            MergePatch.Apply(from, MergePatch.Between(from, to));

            Assert.True(JsonNode.DeepEquals(to, from), $"{to.ToJsonString()} is not {from.ToJsonString()}");
        }
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonObject Draw(Random chance, int depth)
    {
        var drawn = new JsonObject();
        for (int i = chance.Next(4); i > 0; i--)
        {
            drawn[((char)('a' + chance.Next(4))).ToString()] = depth > 0 && chance.Next(2) == 0 ? Draw(chance, depth - 1) : chance.Next(3);
        }

        return drawn;
    }
}
