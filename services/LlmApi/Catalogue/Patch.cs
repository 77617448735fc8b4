using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace JanServer.LlmApi.Catalogue;

/// <summary>A member of a partial update: absent (it stays), null (it is cleared) or a value.</summary>
public readonly struct Patch<T>
{
    private readonly T? _value;

    /// <summary>A member that is there.</summary>
    public Patch(T? value) => (_value, IsGiven) = (value, true);

    /// <summary>Whether the member is there, be it as null.</summary>
    public bool IsGiven { get; }

    /// <summary>What was given.</summary>
    public T? Value => _value;

    /// <summary>What holds after the update.</summary>
    /// <param name="current">What holds before it.</param>
    public T? Or(T? current) => IsGiven ? _value : current;
}

/// <summary>Reads a <see cref="Patch{T}"/>: it is only called for members that are there.</summary>
public sealed class PatchConverter<T> : JsonConverter<Patch<T>>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override Patch<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return reader.TokenType == JsonTokenType.Null
            ? new(default)
            : new(JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Patch<T> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        JsonSerializer.Serialize(writer, value.Value, (JsonTypeInfo<T?>)options.GetTypeInfo(typeof(T)));
    }
}
