using System.Text.Json.Nodes;
using Node.Host.Twin;

namespace Node.Host.Tests.Twin;

public sealed class ReportedDocumentTests
{
    [Fact]
    public void While_nothing_changes_no_documents_are_compared()
    {
        ReportedDocument document = Stored();
        document.TakePatch();
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int turn = 0; turn < 1_000; turn++)
        {
            document.TakePatch();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_is_set_to_what_it_is_already_makes_no_patch()
    {
        ReportedDocument document = Stored();

        document.Set("climate", "interval", "PT5S");

        Assert.Null(document.TakePatch());
    }

    [Fact]
    public void What_is_set_while_a_patch_is_under_way_is_in_the_next_one()
    {
        ReportedDocument document = Stored();
        document.Set("climate", "interval", "PT1S");
        JsonObject first = document.TakePatch()!;
        document.Set("climate", "interval", "PT2S");
        document.Post("", "logLevel", "debug");

        document.End(first, held: true);

        Assert.Equal("""{"climate":{"interval":"PT2S"},"logLevel":"debug"}""", document.TakePatch()!.ToJsonString());
    }

    [Fact]
    public void A_patch_that_was_not_stored_is_taken_again()
    {
        ReportedDocument document = Stored();
        document.Set("climate", "interval", "PT1S");

        document.End(document.TakePatch()!, held: false);

        Assert.Equal("""{"climate":{"interval":"PT1S"}}""", document.TakePatch()!.ToJsonString());
    }

    [Fact]
    public void A_hub_that_holds_something_else_than_before_is_told_again()
    {
        ReportedDocument document = Stored();
        Assert.Null(document.TakePatch());

        document.HubHolds([]);

        Assert.Equal("""{"climate":{"__t":"c","interval":"PT5S"}}""", document.TakePatch()!.ToJsonString());
    }

    [Fact]
    public void A_property_that_is_removed_is_deleted_at_the_hub_too()
    {
        ReportedDocument document = Stored();
        Assert.Null(document.TakePatch());

        document.Set("climate", "interval", null);

        Assert.Equal("""{"climate":{"interval":null}}""", document.TakePatch()!.ToJsonString());
    }

    /// <summary>One whose only property the hub holds already.</summary>
    private static ReportedDocument Stored()
    {
        var document = new ReportedDocument();
        document.Set("climate", "interval", "PT5S");
        document.HubHolds(JsonNode.Parse("""{"climate":{"__t":"c","interval":"PT5S"},"$version":4}""")!.AsObject());
        return document;
    }
}
