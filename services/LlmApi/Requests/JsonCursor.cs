using System.Text;
using System.Text.Json;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Requests;

/// <summary>
/// A reader over a request body with the checks that members share. A failed check returns false and leaves a fault: the offset of the
/// value at fault. Its path is only worked out then, by <see cref="JsonPathAt"/>, so a good request pays nothing for it.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> body)
{
    private const int MaxDepth = 64;

    public Utf8JsonReader Json = new(body, new JsonReaderOptions { MaxDepth = MaxDepth });

    private readonly ReadOnlySpan<byte> _body = body;
    private long _faultAt = -1;
    private string? _faultMember;
    private string? _faultMessage;
    private string _faultCode = ErrorCodes.InvalidValue;

    public readonly JsonTokenType Token => Json.TokenType;

    /// <summary>Where the current token begins.</summary>
    public readonly long Start => Json.TokenStartIndex;

    /// <summary>Where the current token ends.</summary>
    public readonly long End => Json.BytesConsumed;

    public bool Fail(string message) => Fail(Json.TokenStartIndex, message);

    public bool Fail(long at, string message)
    {
        (_faultAt, _faultMessage) = (at, message);
        return false;
    }

    /// <summary>The object that begins at <paramref name="at"/> lacks a member.</summary>
    public bool Missing(long at, string member)
    {
        (_faultAt, _faultMember, _faultCode) = (at, member, ErrorCodes.MissingRequiredParameter);
        return false;
    }

    public readonly ApiError Error()
    {
        var path = JsonPathAt.Find(_body, _faultAt);
        if (_faultMember is not null)
        {
            return ApiError.Missing(path.Length == 0 ? _faultMember : $"{path}.{_faultMember}");
        }

        return new(StatusCodes.Status400BadRequest, _faultCode, $"Invalid value for '{path}': {_faultMessage}", path);
    }

    /// <summary>Steps into the next member of the current object; false at its end.</summary>
    public bool NextMember() => Json.Read() && Json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Steps onto the next element of the current array; false at its end.</summary>
    public bool NextElement() => Json.Read() && Json.TokenType != JsonTokenType.EndArray;

    public readonly bool Is(ReadOnlySpan<byte> text) => Json.ValueTextEquals(text);

    public void Skip() => Json.Skip();

    public bool Text(string rule = "it must be a string.") => Token == JsonTokenType.String || Fail(rule);

    public bool NonEmptyText()
    {
        if (!Text())
        {
            return false;
        }

        return Json.ValueSpan.Length > 0 || Fail("it must not be empty.");
    }

    public bool Flag() => Token is JsonTokenType.True or JsonTokenType.False || Fail("it must be true or false.");

    public bool Number(double min, double max, string range)
    {
        if (Token != JsonTokenType.Number)
        {
            return Fail($"it must be a number {range}.");
        }

        return Json.TryGetDouble(out var value) && value >= min && value <= max || Fail($"it must be {range}.");
    }

    public bool Integer(long min, long max, string range, out long value)
    {
        value = 0;
        if (Token != JsonTokenType.Number || !Json.TryGetInt64(out value))
        {
            return Fail($"it must be an integer{range}.");
        }

        return value >= min && value <= max || Fail($"it must be an integer{range}.");
    }

    public bool Integer(long min, long max, string range) => Integer(min, max, range, out _);

    public bool OpensObject() => Token == JsonTokenType.StartObject || Fail("it must be an object.");

    public bool OpensArray() => Token == JsonTokenType.StartArray || Fail("it must be an array.");

    /// <summary>The length of the current string in characters.</summary>
    public readonly int TextLength() => Json.ValueIsEscaped
        ? Json.GetString()!.Length
        : Encoding.UTF8.GetCharCount(Json.ValueSpan);
}
