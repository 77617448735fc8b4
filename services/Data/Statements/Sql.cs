using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using JanServer.Contracts.Ids;
using Npgsql;

namespace JanServer.Data.Statements;

/// <summary>
/// SQL as an interpolated string: literals are text, holes are parameters, and there is no third way in.
/// <c>$"… WHERE id = {id}"</c> becomes <c>… WHERE id = $1</c> with one typed parameter.
/// </summary>
[InterpolatedStringHandler]
public readonly ref struct Sql
{
    private readonly StringBuilder _text;
    private readonly List<NpgsqlParameter> _parameters;

    /// <summary>Called by the compiler.</summary>
    public Sql(int literalLength, int formattedCount)
    {
        _text = new StringBuilder(literalLength + (formattedCount * 3));
        _parameters = new List<NpgsqlParameter>(formattedCount);
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => _text.Append(value);

    /// <summary>Adds a parameter.</summary>
    public void AppendFormatted<T>(T value)
    {
        _parameters.Add(value is null ? new NpgsqlParameter { Value = DBNull.Value } : new NpgsqlParameter<T> { TypedValue = value });
        _text.Append(CultureInfo.InvariantCulture, $"${_parameters.Count}");
    }

    /// <summary>Adds an id as its UUID.</summary>
    public void AppendFormatted<T>(Id<T> id)
        where T : IIdentified => AppendFormatted(id.Value);

    /// <summary>Adds an id as its UUID, or NULL.</summary>
    public void AppendFormatted<T>(Id<T>? id)
        where T : IIdentified => AppendFormatted(id?.Value);

    internal NpgsqlCommand ToCommand(NpgsqlConnection? connection)
    {
#pragma warning disable CA2100 // The text holds only literals of the call site and positional placeholders.
        var command = new NpgsqlCommand(_text.ToString(), connection);
#pragma warning restore CA2100
        foreach (var parameter in _parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    internal NpgsqlBatchCommand ToBatchCommand()
    {
        var command = new NpgsqlBatchCommand(_text.ToString());
        foreach (var parameter in _parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
