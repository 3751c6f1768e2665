using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace HilRig.Cli;

/// <summary>A recorded run against a fresh board, on a clock that jumps from transfer to transfer.</summary>
internal static class BoardCoverage
{
    public static IReadOnlyList<ChipCoverage> Of(BoardFile file, BusTrace trace)
    {
        var clock = new JumpingClock();
        using EmulatedBoard board = file.CreateBoard(clock);
        TraceExercise.Play(board, trace, clock.Advance);
        return board.Coverage;
    }

    /// <summary>Time that passes only when told to. Its timers never fire: chips that nobody asks need not wake.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new SilentTimer();

        private sealed class SilentTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
