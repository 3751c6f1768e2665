using HubEmulator.Uploads;

namespace HubEmulator.Tests.Uploads;

public sealed class UploadReportTests
{
    [Theory]
    [InlineData(true, 200, false)]
    [InlineData(true, 201, false)]
    [InlineData(true, 0, false)]
    [InlineData(true, -1, false)]
    [InlineData(true, 300, true)]
    [InlineData(true, 503, true)]
    [InlineData(false, 503, false)]
    [InlineData(false, 0, false)]
    [InlineData(false, -1, false)]
    [InlineData(false, 201, true)]
    public void Success_and_status_must_agree(bool isSuccess, int status, bool contradicts) =>
        Assert.Equal(contradicts, new UploadReport(isSuccess, status, "").ContradictsItself);
}
