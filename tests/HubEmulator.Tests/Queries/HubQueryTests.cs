using System.Text.Json.Nodes;
using HubEmulator.Queries;

namespace HubEmulator.Tests.Queries;

public sealed class HubQueryTests
{
    private const string Document = """
        {"deviceId":"dev-01","status":"enabled","connectionState":"Disconnected","version":7,"capabilities":{"iotEdge":false},
         "tags":{"site":"lab","floor":2,"a b":"x","o'k":1,"none":null,"list":[1,2]},
         "properties":{"desired":{"on":true},"reported":{"t":21.5,"$metadata":{"t":{"$lastUpdated":"2026-01-02T00:00:00.0000000Z"}}}}}
        """;

    [Theory]
    [InlineData("deviceId = 'dev-01'", true)]
    [InlineData("deviceId = \"dev-01\"", true)]
    [InlineData("deviceId = 'DEV-01'", false)]
    [InlineData("deviceid = 'dev-01'", false)] // names have case
    [InlineData("tags.floor >= 2 and tags.floor < 3", true)]
    [InlineData("tags.floor > 2", false)]
    [InlineData("tags.floor <> 3", true)]
    [InlineData("tags.floor != 2", false)]
    [InlineData("tags.floor = '2'", false)] // between types nothing is true
    [InlineData("tags.floor != '2'", false)]
    [InlineData("tags.missing != 1", false)] // nor with what is not there
    [InlineData("NOT tags.missing = 1", true)]
    [InlineData("tags.none = null", true)]
    [InlineData("tags.site != null", false)]
    [InlineData("properties.desired.on = true", true)]
    [InlineData("properties.desired.on != false", true)]
    [InlineData("capabilities.iotEdge = false", true)]
    [InlineData("properties.reported.t > 21", true)]
    [InlineData("properties.reported.t > -1e3", true)]
    [InlineData("properties.reported.$metadata.t.$lastUpdated > '2026-01-01T00:00:00Z'", true)]
    [InlineData("tags.site IN ['home', 'lab']", true)]
    [InlineData("tags.floor in [1,3]", false)]
    [InlineData("tags.floor NOT IN [1,3]", true)]
    [InlineData("tags.floor NIN [1,2]", false)]
    [InlineData("tags.missing NIN [1,2]", false)]
    [InlineData("IS_DEFINED(tags.none)", true)]
    [InlineData("is_defined(tags.missing)", false)]
    [InlineData("tags.site = 'home' OR tags.floor = 2 AND status = 'enabled'", true)] // AND binds more
    [InlineData("(tags.site = 'home' OR tags.floor = 2) AND status = 'disabled'", false)]
    [InlineData("NOT (tags.site = 'home' OR NOT tags.floor = 2)", true)]
    [InlineData("tags['a b'] = 'x'", true)]
    [InlineData("tags[\"o'k\"] = 1", true)]
    [InlineData("tags.site = 'l''ab' OR tags.site = 'lab'", true)]
    [InlineData("tags.list = 1", false)]
    [InlineData("tags.site.deeper = 1", false)]
    public void Conditions_are_judged_on_the_document(string condition, bool expected)
    {
        string? broken = HubQuery.TryParse($"SELECT * FROM devices WHERE {condition}", out HubQuery query);

        Assert.Null(broken);
        Assert.Equal(expected, query.Condition((JsonObject)JsonNode.Parse(Document)!));
    }

    [Theory]
    [InlineData("", "Position 1: 'SELECT' belongs here, not the end of the query.")]
    [InlineData("SELECT * FROM twins", "Position 15: devices, devices.modules or devices.jobs belongs here, not 'twins'.")]
    [InlineData("SELECT * FROM devices WHERE", "Position 28: a property")]
    [InlineData("SELECT * FROM devices WHERE status LIKE 'e'", "Position 36: a comparison")]
    [InlineData("SELECT * FROM devices WHERE status = enabled", "Position 38: a value ('text', number, true, false or null) belongs here, not 'enabled'.")]
    [InlineData("SELECT * FROM devices WHERE status = 'enabled", "Position 38: the text has no closing '.")]
    [InlineData("SELECT * FROM devices WHERE (status = 'a'", "Position 42: ')' belongs here, not the end of the query.")]
    [InlineData("SELECT * FROM devices WHERE STARTS_WITH(deviceId, 'a')", "Position 29: the function 'STARTS_WITH' is not served")]
    [InlineData("SELECT * FROM devices ORDER BY deviceId", "Position 23: the end of the query belongs here, not 'ORDER'.")]
    [InlineData("SELECT status, COUNT() AS n FROM devices", "Position 8: 'status' must stand in GROUP BY too.")]
    [InlineData("SELECT * FROM devices GROUP BY status", "Position 1: with GROUP BY")]
    [InlineData("SELECT MEDIAN(tags.a) FROM devices", "Position 8: the function 'MEDIAN' is not served here")]
    [InlineData("SELECT FROM devices", "Position 8: a property")]
    [InlineData("SELECT TOP 0 deviceId FROM devices", "Position 12: TOP takes a whole number")]
    [InlineData("SELECT * FROM devices WHERE a = 1; DROP", "Position 34: ")]
    [InlineData("SELECT * FROM devices WHERE a = 1.2.3", "Position 33: '1.2.3' is no number.")]
    public void What_cannot_be_run_is_refused_with_its_place(string text, string problem) =>
        Assert.StartsWith(problem, HubQuery.TryParse(text, out _), StringComparison.Ordinal);

    [Fact]
    public void Brackets_are_bounded_and_a_long_chain_is_not_deep()
    {
        string deep = new string('(', 60) + "a = 1" + new string(')', 60);
        string chain = string.Join(" OR ", Enumerable.Range(0, 3000).Select(number => $"version = {number}"));

        string? refused = HubQuery.TryParse($"SELECT * FROM devices WHERE {deep}", out _);
        string? broken = HubQuery.TryParse($"SELECT * FROM devices WHERE {chain}", out HubQuery query);

        Assert.Contains("at most 50 brackets", refused, StringComparison.Ordinal);
        Assert.Null(broken);
        Assert.True(query.Condition((JsonObject)JsonNode.Parse(Document)!));
    }

    [Fact]
    public void Random_words_never_throw()
    {
        string[] words = ["SELECT", "*", "FROM", "devices", "WHERE", "(", ")", "[", "]", "'", "\"", "a.b", "=", "<>", "1", "-", "AND", "NOT", "IN", ",", "COUNT", "GROUP", "BY", "AS", "\\", ".", "é", "\0"];
        var random = new Random(20260101);
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(20)).Select(_ => words[random.Next(words.Length)]));
            HubQuery.TryParse("SELECT * FROM devices WHERE " + text, out _);
            HubQuery.TryParse(text, out _);
        }
    }

    [Fact]
    public void Members_are_projected_under_their_names_and_groups_are_summed_up()
    {
        JsonObject[] documents = [.. Enumerable.Range(1, 3).Select(number => (JsonObject)JsonNode.Parse($$$"""{"deviceId":"d{{{number}}}","status":"{{{(number < 3 ? "enabled" : "disabled")}}}","tags":{"n":{{{number}}}}}""")!)];
        HubQuery.TryParse("SELECT deviceId, tags.n AS count, tags.x FROM devices", out HubQuery some);
        HubQuery.TryParse("SELECT status, COUNT() AS n, AVG(tags.n), SUM(tags.n) AS sum, MIN(deviceId) AS first, MAX(tags.n) AS most FROM devices GROUP BY status", out HubQuery grouped);
        HubQuery.TryParse("SELECT COUNT() AS n FROM devices", out HubQuery count);

        string results = string.Join(' ', documents.Select(document => QueryRun.Project(some, document).ToJsonString()));
        string groups = string.Join(' ', QueryRun.Aggregate(grouped, documents).Select(result => result.ToJsonString()));

        Assert.Equal("""{"deviceId":"d1","count":1} {"deviceId":"d2","count":2} {"deviceId":"d3","count":3}""", results);
        Assert.Equal("""{"status":"enabled","n":2,"$1":1.5,"sum":3,"first":"d1","most":2} {"status":"disabled","n":1,"$1":3,"sum":3,"first":"d3","most":3}""", groups);
        Assert.Equal("""{"n":0}""", Assert.Single(QueryRun.Aggregate(count, [])).ToJsonString());
    }
}
