using System.Text;
using Node.HubClient.Protocol;

namespace Node.HubClient.Tests.Protocol;

public sealed class HttpResponseReaderTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: t\r\n\r\n";

    public static TheoryData<string, int, string, bool> Responses => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true },
        { "HTTP/1.1 204\r\n\r\n", 204, "", true },
        { "HTTP/1.1 201 Created\r\ncontent-length: 0\r\nConnection: close\r\n\r\n", 201, "", false },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", 403, "no", true },
        { Chunked, 200, "hello world", true },
    };

    [Theory]
    [MemberData(nameof(Responses))]
    public void A_response_is_whole_at_its_last_byte_however_it_is_cut(string text, int status, string body, bool keeps)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            var reader = new HttpResponseReader();

            reader.Take(bytes.AsSpan(0, cut));
            Assert.False(reader.IsComplete);
            reader.Take(bytes.AsSpan(cut));

            Assert.True(reader.IsComplete);
            Assert.Equal(status, reader.Head!.Status);
            Assert.Equal(body, Encoding.ASCII.GetString(reader.Body.Span));
            Assert.Equal(keeps, reader.KeepsConnection);
        }
    }

    [Fact]
    public void A_body_without_length_ends_with_the_connection()
    {
        var reader = new HttpResponseReader();

        reader.Take("HTTP/1.1 200 OK\r\n\r\nall of it"u8);
        Assert.False(reader.IsComplete);
        reader.End();

        Assert.True(reader.IsComplete);
        Assert.False(reader.KeepsConnection);
        Assert.Equal("all of it", Encoding.ASCII.GetString(reader.Body.Span));
    }

    [Theory]
    [InlineData("FTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabXY")]
    public void What_is_no_response_is_a_fault(string text)
    {
        var reader = new HttpResponseReader();

        reader.Take(Encoding.ASCII.GetBytes(text));

        Assert.NotNull(reader.Fault);
        Assert.False(reader.IsComplete);
    }

    [Fact]
    public void A_head_without_end_is_a_fault_at_16_KiB()
    {
        var reader = new HttpResponseReader();
        var endless = new byte[1_024];
        endless.AsSpan().Fill((byte)'x');

        for (int piece = 0; piece < 17; piece++)
        {
            Assert.Null(reader.Fault);
            reader.Take(endless);
        }

        Assert.NotNull(reader.Fault);
    }

    [Fact]
    public void The_end_within_a_response_is_a_fault()
    {
        var reader = new HttpResponseReader();
        reader.Take("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"u8);

        reader.End();

        Assert.NotNull(reader.Fault);
    }

    [Fact]
    public void What_follows_a_response_is_not_part_of_it()
    {
        var reader = new HttpResponseReader();

        reader.Take("HTTP/1.1 101 Switching\r\n\r\nmore"u8);

        Assert.True(reader.IsComplete);
        Assert.Equal("more", Encoding.ASCII.GetString(reader.Rest.Span));
    }
}
