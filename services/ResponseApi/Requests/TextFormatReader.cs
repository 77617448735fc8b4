using System.Buffers;
using System.Text.Json;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Requests;

/// <summary>Reads <c>text</c>: the form of the answer and how long-winded it is.</summary>
internal static class TextFormatReader
{
    private const int MaxNameLength = 64;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    public static TextRequest Read(FieldReader fields)
    {
        if (fields.Object("text") is not { } text)
        {
            return new("text");
        }

        var verbosity = text.Choice("verbosity", "low", "medium", "high");
        return (text.Object("format") is { } format ? ReadFormat(format) : new("text")) with { Verbosity = verbosity };
    }

    private static TextRequest ReadFormat(FieldReader format)
    {
        var type = format.Choice("type", "text", "json_object", "json_schema");
        if (type is null)
        {
            format.Fail(ApiError.Missing(format.PathOf("type")));
        }

        if (type != "json_schema")
        {
            return new(type ?? "text");
        }

        var name = format.NeedText("name", most: MaxNameLength);
        if (name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            format.Fail("name", "It must be made of a-z, A-Z, 0-9, '_' and '-'.");
        }

        var schema = format.Find("schema");
        if (schema is null)
        {
            format.Fail(ApiError.Missing(format.PathOf("schema")));
        }
        else if (schema is not { ValueKind: JsonValueKind.Object })
        {
            format.Fail("schema", "It must be a JSON schema.");
        }

        return new(type, name, format.Text("description"), schema, format.Flag("strict"));
    }
}
