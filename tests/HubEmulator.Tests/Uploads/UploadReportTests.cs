using HubEmulator.Uploads;

namespace HubEmulator.Tests.Uploads;

public sealed class UploadReportTests
{
    [Theory]
    [InlineData(true, 200, false)]
    [InlineData(true, 201, false)]
    [InlineData(true, 0, false)]
    [InlineData(true, -1, false)]
    [InlineData(true, 400, false)]
    [InlineData(true, 503, false)]
    [InlineData(false, 503, false)]
    [InlineData(false, 0, false)]
    [InlineData(false, -1, false)]
    [InlineData(false, 201, true)]
    public void A_failure_with_a_status_of_success_contradicts_itself_and_a_success_counts_as_one_whatever_its_status(bool isSuccess, int status, bool contradicts) =>
        Assert.Equal(contradicts, new UploadReport(isSuccess, status, "").ContradictsItself);
}
