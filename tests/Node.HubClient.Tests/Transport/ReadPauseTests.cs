using Microsoft.Extensions.Time.Testing;
using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Transport;

/// <summary>When a turn need not ask the network: only in a loop that spins, and only while many acknowledgements are due.</summary>
public sealed class ReadPauseTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void With_few_acknowledgements_due_every_turn_asks()
    {
        ReadPause pause = Due(15);

        pause.FoundNothing();

        Assert.False(pause.Skips());
    }

    [Fact]
    public void With_many_due_a_turn_asks_again_after_five_microseconds_and_no_later()
    {
        ReadPause pause = Due(16);
        pause.FoundNothing();

        Assert.True(pause.Skips());
        _clock.Advance(TimeSpan.FromMicroseconds(4));
        Assert.True(pause.Skips());
        _clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.False(pause.Skips());
        Assert.False(pause.Skips());
    }

    [Fact]
    public void A_clock_that_stands_still_holds_it_up_for_64_turns_at_most()
    {
        ReadPause pause = Due(100);
        pause.FoundNothing();

        Assert.Equal(63, Enumerable.Range(0, 1_000).TakeWhile(_ => pause.Skips()).Count());
    }

    [Fact]
    public void Answers_and_a_new_connection_end_it()
    {
        ReadPause pause = Due(16);
        pause.Answered();
        pause.FoundNothing();
        Assert.False(pause.Skips());
        pause.Asked();
        pause.FoundNothing();
        Assert.True(pause.Skips());

        pause.Reset();

        Assert.False(pause.Skips());
        Assert.Equal(0, pause.Due);
    }

    private ReadPause Due(int count)
    {
        var pause = new ReadPause(_clock);
        for (int asked = 0; asked < count; asked++)
        {
            pause.Asked();
        }

        return pause;
    }
}
