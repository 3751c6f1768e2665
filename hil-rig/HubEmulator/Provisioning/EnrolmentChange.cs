namespace HubEmulator.Provisioning;

/// <summary>What became of a change in the book of enrolments.</summary>
internal enum EnrolmentChange
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>The id is taken, and no entity tag allowed to replace what is there.</summary>
    Exists,

    /// <summary>There is nothing to change.</summary>
    Missing,

    /// <summary>The entity tag does not fit.</summary>
    Stale,

    /// <summary>The book is full.</summary>
    Full,
}
