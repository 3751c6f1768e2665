using System.Globalization;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

/// <summary>docs/ll-functions.md and docs/client.md name members, options and tests that exist.</summary>
public sealed class LlFunctionsTests
{
    private static string[][] Functions => Document.Rows("ll-functions.md", 5);

    [Fact]
    public void Each_of_the_22_functions_has_a_row() =>
        Assert.Equal(Enumerable.Range(1, 22), Functions.Select(row => int.Parse(row[0], CultureInfo.InvariantCulture)));

    [Fact]
    public void Each_function_has_a_public_member_named_after_it() => Assert.All(Functions, row =>
    {
        string member = row[2].Trim('`');
        string function = row[1].Trim('`').Replace("IoTHubClient_LL_", "", StringComparison.Ordinal).Replace("_Ex", "Ex", StringComparison.Ordinal);
        function = function == "Destroy" ? "Dispose" : function == "SendEventAsync" ? "SendEvent" : function;

        Assert.Equal(function, member);
        Assert.NotEmpty(typeof(IotHubClientLL).GetMember(member));
    });

    [Fact]
    public void Each_function_has_tests_that_exist_and_run() => Assert.All(Functions, row =>
    {
        Assert.NotEmpty(Document.Tests(row[4]));
        Assert.All(Document.Tests(row[4]), test => Assert.True(Document.Find(test) is { Skip: null }, test));
    });

    [Fact]
    public void Every_typed_option_stands_in_the_documentation() => Assert.Equal(
        typeof(HubClientOptions).GetProperties().Select(option => option.Name).Order(),
        Document.Rows("client.md", 3).Select(row => row[0].Trim('`')).Where(name => typeof(HubClientOptions).GetProperty(name) is not null).Order());

    [Fact]
    public void The_table_of_options_is_long_enough_to_be_the_one() => Assert.InRange(Document.Rows("client.md", 4).Length, 45, 60);

    [Fact]
    public void Each_option_of_the_table_is_taken_or_refused_as_it_says() => Assert.All(Document.Rows("client.md", 4), row =>
    {
        string name = row[0].Trim('`');
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString("HostName=hub.example;DeviceId=dev1;x509=true");

        IotHubClientResult result = client.SetOption(name, Example(row[1]));

        Assert.True(result == (row[2] == "refused" ? IotHubClientResult.InvalidArg : IotHubClientResult.Ok), $"{name}: {result}");
    });

    private static object Example(string type) => type switch
    {
        "integer" or "integer, ms" or "integer, s" => 12,
        "flag" => true,
        "`HttpProxy`" => new HttpProxy { Host = "proxy", Port = 3128 },
        "PEM" => Pem,
        "text" => "IP_SOCKET",
        _ => throw new FormatException($"The table names a type that this test does not know: {type}"),
    };

    private static string Pem
    {
        get
        {
            using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
            var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=test", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
            using System.Security.Cryptography.X509Certificates.X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
            return made.ExportCertificatePem();
        }
    }
}
