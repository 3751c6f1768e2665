namespace HubEmulator.Tests.Uploads;

public sealed class UploadLogTests
{
    [Fact]
    public async Task A_wait_sees_what_is_there_and_what_comes()
    {
        var log = new UploadLog();
        log.Append(Upload("a"), null);
        Task<FinishedUpload> there = log.WaitForAsync(one => one.BlobName == "a", TestContext.Current.CancellationToken);
        Task<FinishedUpload> coming = log.WaitForAsync(one => one.BlobName == "c", TestContext.Current.CancellationToken);
        bool wasDone = coming.IsCompleted;

        log.Append(Upload("b"), null);
        log.Append(Upload("c"), null);

        Assert.True(there.IsCompleted);
        Assert.False(wasDone);
        Assert.Equal(3, (await coming).SequenceNumber);
        Assert.Empty(log.Notifications());
    }

    [Fact]
    public void The_oldest_go_first_and_still_count()
    {
        var log = new UploadLog();
        for (int index = 0; index <= UploadLog.Capacity; index++)
        {
            log.Append(Upload($"{index}"), null);
        }

        Assert.Equal(UploadLog.Capacity + 1, log.Reported);
        Assert.Equal(UploadLog.Capacity, log.Snapshot().Count);
        Assert.Equal("1", log.Snapshot()[0].BlobName);
    }

    private static FinishedUpload Upload(string name) => new()
    {
        DeviceId = "dev-01",
        BlobName = name,
        IsSuccess = true,
        StatusCode = 201,
        StatusDescription = "",
        ReportedTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };
}
