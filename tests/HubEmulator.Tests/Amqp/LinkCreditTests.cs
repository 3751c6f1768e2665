using HubEmulator.Amqp;

namespace HubEmulator.Tests.Amqp;

/// <summary>Beside the credit runs what the library counts: it takes a flow's limit, tells the difference to its own and forgets its own when that is not positive.</summary>
public sealed class LinkCreditTests
{
    [Fact]
    public void What_is_left_is_what_the_client_last_granted_less_what_was_sent_since()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var credit = new LinkCredit();
            long sent = 0;
            long limit = 0;
            long library = 0;
            for (int step = 0; step < 100; step++)
            {
                if (random.Next(3) > 0)
                {
                    bool may = credit.TryUse();

                    Assert.True(may == sent < limit, $"seed {seed}, step {step}");
                    sent += may ? 1 : 0;
                    library -= may ? 1 : 0;
                    continue;
                }

                limit = sent + random.Next(5); // the client's receiver may shrink, repeat or raise it
                int told = (int)(limit - sent - library);
                library = told > 0 ? library + told : 0;
                credit.Move(told);
            }
        }
    }

    [Fact]
    public void A_drain_leaves_nothing_and_what_was_not_used_comes_back()
    {
        var credit = new LinkCredit();

        credit.Move(2);
        Assert.True(credit.TryUse());
        credit.Return();
        Assert.True(credit.TryUse());
        Assert.True(credit.TryUse());
        Assert.False(credit.TryUse());
        credit.Move(5);
        credit.Clear();

        Assert.False(credit.TryUse());
    }
}
