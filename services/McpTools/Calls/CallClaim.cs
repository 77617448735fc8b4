using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Calls;

/// <summary>A call's claim to its idempotency key.</summary>
/// <param name="User">Whose key it is.</param>
/// <param name="Key">The key, as the client sent it.</param>
/// <param name="Tool">What is called.</param>
/// <param name="Arguments">SHA-256 of the arguments, whatever the order of their members.</param>
/// <param name="Run">Tells this attempt from others with the same key.</param>
internal sealed record CallClaim(Guid User, string Key, string Tool, byte[] Arguments, Guid Run)
{
    /// <summary>The most characters of a key.</summary>
    public const int MaxKey = 255;

    /// <summary>Whether a call can have this key.</summary>
    public static bool IsKey([NotNullWhen(true)] string? key) => key is { Length: > 0 and <= MaxKey } && !key.Contains('\0', StringComparison.Ordinal);

    public static CallClaim Of(ToolCall call, DateTimeOffset now) =>
        new(call.Caller.UserId.Value, call.IdempotencyKey!, call.Name, Hash(call.Arguments), Guid.CreateVersion7(now));

    private static byte[] Hash(JsonElement arguments)
    {
        var text = new StringBuilder();
        Write(JsonObject.Create(arguments), text);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Write(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject one:
                text.Append('{');
                foreach (var (name, value) in one.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    text.Append(JsonValue.Create(name).ToJsonString()).Append(':');
                    Write(value, text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonArray list:
                text.Append('[');
                foreach (var value in list)
                {
                    Write(value, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }
}

/// <summary>Who has a key.</summary>
internal enum KeyState
{
    /// <summary>The claim, from now on.</summary>
    Ours,

    /// <summary>Another call runs.</summary>
    Running,

    /// <summary>Another call ran in a process that is gone, or went on without its lease.</summary>
    Abandoned,

    /// <summary>Another call has ended, with a result.</summary>
    Done,

    /// <summary>A call of another tool, or with other arguments.</summary>
    Different,
}

/// <summary>What a claim found.</summary>
/// <param name="State">Who has the key.</param>
/// <param name="Run">The run that has it.</param>
/// <param name="Result">Its result, when it is done.</param>
internal sealed record HeldKey(KeyState State, Guid Run, CallToolResult? Result = null);
