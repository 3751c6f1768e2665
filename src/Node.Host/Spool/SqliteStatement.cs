using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Node.Host.Spool;

/// <summary>
/// A statement that is prepared once and run often. It binds and reads spans through the C interface, so that a row costs no command,
/// reader, parameter or boxed value. Not thread-safe; every failure is a <see cref="SqliteException"/>.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares <paramref name="sql"/> for the connection's life.</summary>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        int result = raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement);
        SqliteException.ThrowExceptionForRC(result, _database);
    }

    /// <summary>Prepares, runs to the end and frees <paramref name="sql"/>.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var statement = new SqliteStatement(connection, sql);
        statement.Run();
    }

    /// <summary>The first column of the first row of <paramref name="sql"/>; 0 when there is no row or the value is null.</summary>
    public static long ReadInt64(SqliteConnection connection, string sql)
    {
        using var statement = new SqliteStatement(connection, sql);
        return statement.ReadInt64();
    }

    /// <summary>Binds the parameter <paramref name="index"/>, counted from 1.</summary>
    public SqliteStatement Bind(int index, long value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, index, value), _database);
        return this;
    }

    /// <summary>Binds null to the parameter <paramref name="index"/>, counted from 1, or <paramref name="value"/>.</summary>
    public SqliteStatement Bind(int index, long? value)
    {
        int result = value is { } present
            ? raw.sqlite3_bind_int64(_statement, index, present)
            : raw.sqlite3_bind_null(_statement, index);
        SqliteException.ThrowExceptionForRC(result, _database);
        return this;
    }

    /// <summary>Binds null to the parameter <paramref name="index"/>, counted from 1, or <paramref name="value"/> as UTF-8 text.</summary>
    public SqliteStatement BindOptional(int index, string? value)
    {
        if (value is not null)
        {
            return Bind(index, value);
        }

        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_null(_statement, index), _database);
        return this;
    }

    /// <summary>Binds UTF-8 text to the parameter <paramref name="index"/>, counted from 1.</summary>
    public SqliteStatement Bind(int index, string value)
    {
        Span<byte> utf8 = value.Length <= 256 ? stackalloc byte[3 * 256] : new byte[3 * value.Length];
        int length = Encoding.UTF8.GetBytes(value, utf8);
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(_statement, index, utf8[..length]), _database);
        return this;
    }

    /// <summary>Binds a copy of the bytes to the parameter <paramref name="index"/>, counted from 1. No bytes are an empty blob, not null.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        int result = value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_statement, index, 0)
            : raw.sqlite3_bind_blob(_statement, index, value);
        SqliteException.ThrowExceptionForRC(result, _database);
        return this;
    }

    /// <summary>Moves to the next row; <see langword="false"/> when there is none. The caller resets the statement afterwards.</summary>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        SqliteException.ThrowExceptionForRC(result, _database);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Runs to the end and resets.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first column of the first row; 0 when there is no row or the value is null.</summary>
    public long ReadInt64()
    {
        try
        {
            return Step() ? Int64(0) : 0;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Ends the run, and with it the read transaction. A failure of the run was already thrown by <see cref="Step"/>.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    /// <summary>The column of the present row, counted from 0.</summary>
    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>The column of the present row, counted from 0; null when it holds no integer.</summary>
    public long? OptionalInt64(int column) => TypeOf(column) == raw.SQLITE_INTEGER ? Int64(column) : null;

    /// <summary>The storage class of the column, counted from 0: <c>SQLITE_INTEGER</c> and so on.</summary>
    public int TypeOf(int column) => raw.sqlite3_column_type(_statement, column);

    /// <summary>The column of the present row, counted from 0; valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>The column of the present row, counted from 0.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <summary>The column of the present row, counted from 0; null when it holds no text.</summary>
    public string? OptionalText(int column) => TypeOf(column) == raw.SQLITE_TEXT ? Text(column) : null;

    /// <summary>Rows that the last insert, update or delete of this connection changed.</summary>
    public int Changes() => raw.sqlite3_changes(_database);

    public void Dispose() => _statement.Dispose();
}
