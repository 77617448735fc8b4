using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;

namespace JanServer.McpTools.Protocol;

/// <summary>The SDK's own serialization of MCP's types.</summary>
internal static class McpJson
{
    /// <summary>How a type of MCP is read and written.</summary>
    public static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));

    /// <summary>A message or result as UTF-8 JSON without line breaks.</summary>
    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, TypeOf<T>());
}
