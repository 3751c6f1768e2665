namespace HubEmulator.Twins;

/// <summary>Why a twin refused an update: HTTP-like status, error number, name and text. Status 0 means that nothing failed.</summary>
internal readonly record struct TwinFailure(int Status, int ErrorCode, string Name, string Message)
{
    public static TwinFailure None => default;

    public static TwinFailure Malformed(string message) => new(400, 400006, "IotHubFormatError", message);

    public static TwinFailure Invalid(string message) => new(400, 400004, "ArgumentInvalid", message);

    public static TwinFailure Throttled => new(429, 429001, "ThrottlingException", "Too many requests; wait and repeat.");

    public static TwinFailure Precondition(string message) => new(412, 412001, "PreconditionFailed", message);

    public static TwinFailure OfRule(string? brokenRule) => brokenRule is null ? None : Invalid(brokenRule);

    public static TwinFailure OfSize(int bytes, int most) => bytes <= most
        ? None
        : new TwinFailure(413, 413001, "MessageTooLarge", $"The section would hold {bytes} bytes, the limit is {most}.");
}
