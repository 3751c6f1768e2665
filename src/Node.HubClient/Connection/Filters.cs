namespace Node.HubClient.Connection;

/// <summary>The topic filters that features need, as a set: what is wanted, asked for and granted is compared in one step.</summary>
[Flags]
internal enum Filters
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Cloud-to-device messages.</summary>
    Messages = 1,

    /// <summary>Answers about the twin.</summary>
    TwinAnswers = 2,

    /// <summary>Desired patches.</summary>
    DesiredPatches = 4,

    /// <summary>Method calls.</summary>
    Methods = 8,
}
