using System.Text;
using Node.HubClient.Connection;

namespace Node.HubClient.Tests.Support;

/// <summary>A channel whose other side is the test: it keeps the requests and plays the answers put in, one for each request.</summary>
internal sealed class ScriptedChannel : IHttpChannel
{
    private readonly Queue<HttpOutcome> _answers = new();
    private bool _underWay;

    public List<(HttpRequest Request, byte[] Body)> Requests { get; } = [];

    public bool IsDisposed { get; private set; }

    public bool HasMoreToSend => false;

    public IEnumerable<string> Lines => Requests.Select(sent => $"{sent.Request.Method} {sent.Request.Host}:{sent.Request.Port}{sent.Request.Target}");

    public string LastBody => Encoding.UTF8.GetString(Requests[^1].Body);

    public void Begin(HttpRequest request)
    {
        Assert.False(_underWay, "one exchange at a time");
        _underWay = true;
        Requests.Add((request, request.Body.ToArray()));
    }

    public bool TryEnd(out HttpOutcome outcome)
    {
        Assert.True(_underWay, "an exchange was begun");
        _underWay = !_answers.TryDequeue(out outcome!);
        return !_underWay;
    }

    public void Dispose()
    {
        IsDisposed = true;
        _underWay = false;
    }

    public void AnswerAt(DateTimeOffset date) => _answers.Enqueue(new HttpOutcome { Status = 404, Date = date });

    public void Answer(int status, string body = "", TimeSpan? retryAfter = null) =>
        _answers.Enqueue(new HttpOutcome { Status = status, Body = Encoding.UTF8.GetBytes(body), RetryAfter = retryAfter, Failure = status == 0 ? "no route" : "" });
}
