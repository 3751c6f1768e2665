namespace Node.HubClient.Connection;

/// <summary>An HTTPS request with its whole body in memory.</summary>
internal sealed record HttpRequest
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>1 to 65,535.</summary>
    public required int Port { get; init; }

    /// <summary>Such as PUT.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query, escaped.</summary>
    public required string Target { get; init; }

    /// <summary>Value of the header Authorization; null for none.</summary>
    public string? Authorization { get; init; }

    /// <summary>Value of the header Content-Type; null for none.</summary>
    public string? ContentType { get; init; }

    /// <summary>The body, not copied; may be empty.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The certificate to show; null for none.</summary>
    public ShownCertificate? Certificate { get; init; }

    /// <summary>Names the request; holds no secret, such as the query of a blob's address.</summary>
    public override string ToString() => $"{Method} https://{Host}{Target.Split('?')[0]}";
}
