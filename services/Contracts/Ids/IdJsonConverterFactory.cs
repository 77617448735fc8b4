using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.Contracts.Ids;

/// <summary>Writes an <see cref="Id{T}"/> as its wire form and reads it totally, as <see cref="Id{T}.Parse(string?, IFormatProvider?)"/> does.</summary>
public sealed class IdJsonConverterFactory : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert)
    {
        ArgumentNullException.ThrowIfNull(typeToConvert);
        return typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Id<>);
    }

    /// <inheritdoc/>
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "The type argument is rooted by the property that the converter serves.")]
    [UnconditionalSuppressMessage("Trimming", "IL2071", Justification = "The type argument is rooted by the property that the converter serves.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Id<T> is instantiated over reference types, which share one native body.")]
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(typeToConvert);
        return (JsonConverter)Activator.CreateInstance(typeof(IdConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;
    }

    private sealed class IdConverter<T> : JsonConverter<Id<T>>
        where T : IIdentified
    {
        public override Id<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Id<T>.Parse(reader.GetString());

        public override void Write(Utf8JsonWriter writer, Id<T> value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
