using HubEmulator.Blobs;
using Microsoft.AspNetCore.WebUtilities;

namespace HubEmulator.Tests.Blobs;

public sealed class BlobSasTests
{
    private const string Resource = "/blob/devstoreaccount1/uploads/dev-01/log.txt";
    private static readonly BlobAccount Account = new("devstoreaccount1", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");
    private static readonly DateTimeOffset Expiry = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_issued_token_is_the_published_one()
    {
        string token = BlobSas.Issue(Account, "uploads", "dev-01/log.txt", "rw", Expiry);

        Assert.Equal("?sv=2021-12-02&se=2026-01-01T00%3A00%3A00Z&sr=b&sp=rw&sig=Kzuvfl0bqdr9VyTiRkKkFNo5XxCuOxvCluQJbrvPExs%3D", token);
        Assert.Equal(Resource, Account.Resource("uploads", "dev-01/log.txt"));
        Assert.Equal("rw\n\n2026-01-01T00:00:00Z\n/blob/devstoreaccount1/uploads/dev-01/log.txt\n\n\n\n2021-12-02\nb\n\n\n\n\n\n\n", Parse(token).StringToSign(Resource));
    }

    [Theory]
    [InlineData("2020-12-06", "rw\n\n2026-01-01\nR\n\n\n\n2020-12-06\nb\n\n\n\n\n\n\n")]
    [InlineData("2020-10-02", "rw\n\n2026-01-01\nR\n\n\n\n2020-10-02\nb\n\n\n\n\n\n")]
    [InlineData("2018-11-09", "rw\n\n2026-01-01\nR\n\n\n\n2018-11-09\nb\n\n\n\n\n\n")]
    public void The_encryption_scope_has_a_line_from_its_version_on(string version, string expected) =>
        Assert.Equal(expected, Parse($"?sv={version}&se=2026-01-01&sr=b&sp=rw").StringToSign("R"));

    [Fact]
    public void Every_member_stands_in_its_line()
    {
        BlobSas token = Parse("?sp=1&st=2&se=3&si=5&sip=6&spr=7&sv=9999&sr=9&snapshot=10&ses=11&rscc=12&rscd=13&rsce=14&rscl=15&rsct=16");

        Assert.Equal("1\n2\n3\n4\n5\n6\n7\n9999\n9\n10\n11\n12\n13\n14\n15\n16", token.StringToSign("4"));
    }

    [Theory]
    [InlineData("2021-12-02", true)]
    [InlineData("2018-11-09", true)]
    [InlineData("2018-03-28", false)]
    public void A_signature_of_either_generation_is_taken(string version, bool accepted)
    {
        BlobSas bare = Parse($"?sv={version}&se=2026-01-01&sr=b&sp=rw");
        string signature = Uri.EscapeDataString(Convert.ToBase64String(Account.Sign(bare.StringToSign(Resource))));

        Assert.Equal(accepted, Parse($"?sv={version}&se=2026-01-01&sr=b&sp=rw&sig={signature}").IsSignedBy(Account, Resource));
    }

    [Theory]
    [InlineData("sp=rw", "sp=rwd")]
    [InlineData("2026", "2027")]
    [InlineData("sr=b", "sr=c")]
    [InlineData("sr=b", "sr=b&rsct=text/html")]
    [InlineData("sr=b", "sr=b&si=policy")]
    [InlineData("sig=K", "sig=k")]
    [InlineData("sig=Kzuv", "sig=")]
    [InlineData("sig=K", "sig=*")]
    public void A_changed_token_opens_nothing(string part, string changed)
    {
        string token = BlobSas.Issue(Account, "uploads", "dev-01/log.txt", "rw", Expiry);

        Assert.True(Parse(token).IsSignedBy(Account, Resource));
        Assert.False(Parse(token.Replace(part, changed, StringComparison.Ordinal)).IsSignedBy(Account, Resource));
        Assert.False(Parse(token).IsSignedBy(Account, Resource + "2"));
        Assert.False(Parse(token).IsSignedBy(Account with { Key = "AAAA" }, Resource));
    }

    private static BlobSas Parse(string token) =>
        new(QueryHelpers.ParseQuery(token).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal));
}
