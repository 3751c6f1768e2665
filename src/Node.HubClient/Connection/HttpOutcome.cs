namespace Node.HubClient.Connection;

/// <summary>How an exchange ended.</summary>
internal sealed record HttpOutcome
{
    /// <summary>The status, or 0 when no answer came: then <see cref="Failure"/> says why.</summary>
    public required int Status { get; init; }

    /// <summary>Body of the answer.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How long the service asks to be left alone (header <c>Retry-After</c>, in seconds); null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The service's own clock (header <c>Date</c>); null when it does not say.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>For people: why no answer came.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Whether the service did what was asked.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether asking again may help: no answer, overload, or a fault on the service's side.</summary>
    public bool MayPass => Status is 0 or 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>For people: what the service said.</summary>
    public string Describe() => Status == 0 ? Failure : $"status {Status}{Text()}";

    private string Text()
    {
        const int Longest = 200;
        string text = System.Text.Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, Longest)]);
        return text.Length == 0 ? "" : $": {new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)])}";
    }
}
