using System.Text;
using System.Text.Json.Nodes;
using HubEmulator.Twins;

namespace HubEmulator.Tests.Twins;

public sealed class TwinTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_merge_patch_deletes_by_null_replaces_arrays_and_keeps_the_rest()
    {
        JsonObject merged = MergePatch.Apply(Json("""{"a":1,"b":{"c":2,"d":3},"e":[1,2]}"""), Json("""{"a":null,"b":{"c":null,"x":5},"e":[9],"zz":null}"""));

        Assert.Equal("""{"b":{"d":3,"x":5},"e":[9]}""", merged.ToJsonString());
        Assert.Equal(28, TwinRules.SizeOf(merged));
    }

    [Fact]
    public void An_object_replaces_a_leaf_and_an_emptied_object_stays()
    {
        Assert.Equal("""{"a":{"b":1}}""", MergePatch.Apply(Json("""{"a":5}"""), Json("""{"a":{"b":1,"c":null}}""")).ToJsonString());
        Assert.Equal("""{"a":{}}""", MergePatch.Apply(Json("""{"a":{"b":1}}"""), Json("""{"a":{"b":null}}""")).ToJsonString());
    }

    [Theory]
    [InlineData("""{"text":"abc"}""", 4 + 3)]
    [InlineData("""{"°":"°"}""", 2 + 2)]
    [InlineData("""{"a":"x\ny"}""", 1 + 2)] // a control character does not count
    [InlineData("""{"a":true,"b":false,"c":1.5}""", 3 + 4 + 4 + 8)]
    [InlineData("""{"a":[1,"x",{"b":2}]}""", 1 + 8 + 1 + 1 + 8)]
    public void Size_counts_keys_and_values(string json, int bytes) => Assert.Equal(bytes, TwinRules.SizeOf(Json(json)));

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Ten_levels_of_objects_are_taken(int levels, bool taken)
    {
        string json = string.Concat(Enumerable.Repeat("""{"k":""", levels + 1)) + "1" + new string('}', levels + 1);

        Assert.Equal(taken, TwinRules.FindBrokenRule(Json(json)) is null);
    }

    [Theory]
    [InlineData("""{"a":4503599627370495,"b":-4503599627370496}""", true)]
    [InlineData("""{"a":4503599627370496}""", false)]
    [InlineData("""{"a":-4503599627370497}""", false)]
    [InlineData("""{"a":99999999999999999999999}""", false)]
    [InlineData("""{"a":1.0e30,"b":0.1,"c":true,"d":[],"e":{}}""", true)]
    [InlineData("""{"$a":1}""", false)]
    [InlineData("""{"a b":1}""", false)]
    [InlineData("""{"a.b":1}""", false)]
    [InlineData("""{"a\u0001":1}""", false)]
    [InlineData("""{"a\u0085":1}""", false)]
    [InlineData("""{"":1}""", false)]
    [InlineData("""{"a#b":1}""", true)]
    [InlineData("""{"a":[1,null]}""", false)]
    [InlineData("""{"a":[[{"b.c":1}]]}""", false)]
    [InlineData("""{"a":null}""", true)]
    public void Rules_hold_at_every_depth(string json, bool taken)
    {
        Assert.Equal(taken, TwinRules.FindBrokenRule(Json(json)) is null);
        Assert.Equal(taken, TwinRules.FindBrokenRule(new JsonObject { ["outer"] = Json(json) }) is null);
    }

    [Fact]
    public void Long_keys_and_texts_are_refused_one_byte_beyond_the_limit()
    {
        Assert.Null(TwinRules.FindBrokenRule(new JsonObject { [new string('k', 1024)] = new string('v', 4096) }));
        Assert.NotNull(TwinRules.FindBrokenRule(new JsonObject { [new string('k', 1025)] = 1 }));
        Assert.NotNull(TwinRules.FindBrokenRule(new JsonObject { ["k"] = new string('°', 2049) }));
    }

    [Fact]
    public void A_section_that_would_grow_too_large_is_refused_and_unchanged()
    {
        var twin = new Twin();
        var large = new JsonObject(Enumerable.Range(0, 8).Select(n => KeyValuePair.Create($"k{n}", (JsonNode?)new string('v', 4090))));
        TwinFailure failure = default;
        twin.PatchReported(large, null, Now, (answer, _) => failure = answer);
        Assert.Equal(0, failure.Status);

        twin.PatchReported(Json("""{"onemore":"0123456789"}"""), null, Now, (answer, _) => failure = answer);
        twin.PatchReported(Json($$"""{"last":"{{new string('x', 200)}}"}"""), null, Now, (answer, _) => failure = answer);

        Assert.Equal((413, 413001), (failure.Status, failure.ErrorCode));
        twin.Read(document => Assert.False(document["reported"]!.AsObject().ContainsKey("last")));
    }

    [Fact]
    public void Metadata_mirrors_the_tree_and_forgets_what_is_deleted()
    {
        var twin = new Twin();
        Update(twin, """{"a":{"b":1,"c":[1,{"x":2}]},"d":1}""", Now);
        Update(twin, """{"a":{"b":null},"d":{"e":2}}""", Now.AddSeconds(1));
        var document = new JsonObject();
        twin.Describe(document);

        string metadata = document["properties"]!["desired"]!["$metadata"]!.ToJsonString();

        const string First = "\"$lastUpdated\":\"2026-01-01T00:00:00.0000000Z\",\"$lastUpdatedVersion\":2";
        const string Second = "\"$lastUpdated\":\"2026-01-01T00:00:01.0000000Z\",\"$lastUpdatedVersion\":3";
        Assert.Equal("{" + Second + ",\"a\":{" + Second + ",\"c\":{" + First + "}},\"d\":{" + Second + ",\"e\":{" + Second + "}}}", metadata);
    }

    [Fact]
    public void A_fresh_twin_reads_as_the_service_writes_it()
    {
        var document = new JsonObject();
        new Twin().Describe(document);

        Assert.Equal("""{"$metadata":{"$lastUpdated":"0001-01-01T00:00:00Z"},"$version":1}""", document["properties"]!["desired"]!.ToJsonString());
        Assert.Equal((2L, "AAAAAAAAAAE="), ((long)document["version"]!, (string)document["etag"]!));
    }

    [Fact]
    public void A_broken_tag_refuses_the_desired_part_of_the_same_update()
    {
        var twin = new Twin();
        Assert.True(TwinUpdate.TryParse(Json("""{"tags":{"a.b":1},"properties":{"desired":{"x":1}}}"""), out TwinUpdate update, out _));

        TwinFailure failure = twin.Update(update, replace: false, null, Now, (_, _) => Assert.Fail("nothing changed, so nothing is pushed"));

        Assert.Equal(400004, failure.ErrorCode);
        twin.Read(document => Assert.Equal("""{"$version":1}""", document["desired"]!.ToJsonString()));
    }

    [Fact]
    public void An_empty_desired_part_neither_pushes_nor_counts_and_equal_values_do()
    {
        var twin = new Twin();
        var pushed = new List<string>();
        foreach (string desired in new[] { """{"a":1}""", "{}", """{"a":1}""" })
        {
            twin.Update(new TwinUpdate(null, Json(desired)), replace: false, null, Now, (content, _) => pushed.Add(content.ToJsonString()));
        }

        Assert.Equal(["""{"a":1,"$version":2}""", """{"a":1,"$version":3}"""], pushed);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("{}x")]
    [InlineData("\0")]
    public void Repeated_keys_and_trailing_text_are_no_document(string json)
    {
        Assert.False(TwinJson.TryReadObject(Encoding.UTF8.GetBytes(json), out _, out TwinFailure failure));

        Assert.Equal((400, 400006), (failure.Status, failure.ErrorCode));
    }

    private static void Update(Twin twin, string desired, DateTimeOffset now) =>
        Assert.Equal(0, twin.Update(new TwinUpdate(null, Json(desired)), replace: false, null, now, (_, _) => { }).Status);

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
