using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Node.Host.Spool;

/// <summary>The spool could not do what was asked; what was durable before stays durable. The text names the file and the remedy.</summary>
internal sealed class SpoolException : Exception
{
    /// <summary>What to do when this folder cannot be the spool's: both ways to say so.</summary>
    public const string AnotherFolder = "name another folder: --set Node:DataFolder=FOLDER, or Node__DataFolder=FOLDER in the environment";

    /// <summary>Makes the error with its kind and a text for people.</summary>
    public SpoolException(SpoolFault fault, string message, Exception? cause = null)
        : base(message, cause)
    {
        Fault = fault;
    }

    /// <summary>The kind, which says whether a retry may help.</summary>
    public SpoolFault Fault { get; }

    /// <summary>Translates SQLite's result code: https://www.sqlite.org/rescode.html.</summary>
    public static SpoolException From(SqliteException cause, string path)
    {
        (SpoolFault fault, string remedy) = cause.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => (SpoolFault.DiskFull, "Free space on its disk; the readings stored so far are safe."),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => (SpoolFault.Locked, "Close the other program that has it open for writing."),
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
                (SpoolFault.AccessDenied, $"Make the file and its folder writable for this user, or {AnotherFolder}."),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => (SpoolFault.Corrupt, "The disk damages what is written to it; replace it."),
            _ => (SpoolFault.InputOutput, "Check the disk and the system log."),
        };
        return new SpoolException(fault, $"The spool {path} cannot be used: {cause.Message} {remedy}", cause);
    }

    /// <summary>Whether the code says that the file's content, not its surroundings, is at fault.</summary>
    public static bool IsDamage(SqliteException cause) => cause.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}
