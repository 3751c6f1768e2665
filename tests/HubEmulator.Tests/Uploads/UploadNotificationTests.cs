namespace HubEmulator.Tests.Uploads;

public sealed class UploadNotificationTests
{
    [Fact]
    public void The_body_is_the_documented_one()
    {
        var instant = new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.FromHours(2));
        var notification = new UploadNotification
        {
            DeviceId = "dev-01",
            BlobUri = new Uri("https://acct.blob.core.windows.net/uploads/dev-01/log.txt"),
            BlobName = "dev-01/log.txt",
            LastUpdatedTime = instant,
            BlobSizeBytes = 123,
            EnqueuedTime = instant,
        };

        Assert.Equal(
            """{"deviceId":"dev-01","blobUri":"https://acct.blob.core.windows.net/uploads/dev-01/log.txt","blobName":"dev-01/log.txt","lastUpdatedTime":"2026-01-01T00:00:00+00:00","blobSizeInBytes":123,"enqueuedTimeUtc":"2026-01-01T00:00:00.0000000Z"}""",
            notification.ToJson());
    }
}
