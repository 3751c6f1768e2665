namespace HilRig.Checks;

/// <summary>Every durable reading is at the hub, or still safe in the spool.</summary>
internal sealed record NothingLost : Check
{
    public override string Name => "nothing lost";

    public override Verdict Judge(RunRecord run)
    {
        if (run.Account is not { } account)
        {
            return Verdict.Fail("the readings could not be counted: the node did not drain its spool at the end");
        }
        string figures = $"{account.Sent} durable, {account.Confirmed} confirmed, {account.Distinct} distinct at the hub, {account.Repeats} repeated, {account.Pending} still spooled";
        if (account.Sent == 0)
        {
            return Verdict.Inconclusive("the node made no reading durable");
        }
        return account.Lost == 0
            ? Verdict.Pass(figures)
            : Verdict.Fail($"{account.Lost} lost ({figures}); missing sequence numbers {string.Join(", ", account.Missing.Take(20))}");
    }
}
