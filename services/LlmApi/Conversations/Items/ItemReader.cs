using System.Collections.Frozen;
using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>
/// Reads the items that a client sends for a conversation. What is wrong is named by its path, such as <c>items[1].content[0].text</c>.
/// Members that have no column are kept and answered again.
/// </summary>
internal sealed class ItemReader(Id<Conversation> conversation, TimeProvider clock)
{
    public const int MaxItems = 20;

    /// <summary>The longest arguments, output or other text of a call, in characters.</summary>
    public const int MaxCallText = 1_000_000;
    private const int MaxName = 512;
    private const int MaxExtra = 256 * 1024;

    // What OpenAI requires of each type, as far as the reference has it too.
    private static readonly FrozenDictionary<string, string[]> Required = new Dictionary<string, string[]>
    {
        [ItemVocabulary.Message] = ["role", "content"],
        ["function_call"] = ["call_id", "name", "arguments"],
        ["function_call_output"] = ["call_id", "output"],
        ["custom_tool_call"] = ["call_id", "name", "input"],
        ["custom_tool_call_output"] = ["call_id", "output"],
        ["computer_call_output"] = ["call_id", "output"],
        ["apply_patch_call"] = ["call_id", "operation"],
        ["mcp_list_tools"] = ["server_label", "tools"],
        ["mcp_approval_request"] = ["name", "arguments"],
        ["mcp_approval_response"] = ["approval_request_id", "approve"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // What only the server says of an item.
    private static readonly FrozenSet<string> ServerSaid = new[]
    {
        "object", "branch", "sequence_number", "rating", "rated_at", "rating_comment", "created_at", "completed_at", "incomplete_at",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>409: an item of that id is there already.</summary>
    public static ApiError Taken() => ApiError.Conflict("An item with one of these ids exists already.", "items");

    /// <summary>Reads the value of <c>items</c>.</summary>
    public (List<ConversationItem>? Items, ApiError? Error) Read(IReadOnlyList<JsonElement>? items, bool required)
    {
        if (items is null or { Count: 0 } && required)
        {
            return (null, ApiError.Missing("items"));
        }

        if (items?.Count > MaxItems)
        {
            return (null, ApiError.Invalid("items", $"At most {MaxItems} items can be added at once."));
        }

        var read = new List<ConversationItem>(items?.Count ?? 0);
        for (var i = 0; i < items?.Count; i++)
        {
            var (item, error) = ReadItem(items[i], $"items[{i}]");
            if (item is null)
            {
                return (null, error);
            }

            if (read.Exists(other => other.Id == item.Id))
            {
                return (null, ApiError.Invalid($"items[{i}].id", "Two items have this id."));
            }

            read.Add(item);
        }

        return (read, null);
    }

    private (ConversationItem? Item, ApiError? Error) ReadItem(JsonElement input, string path)
    {
        if (input.ValueKind != JsonValueKind.Object)
        {
            return (null, ApiError.Invalid(path, "An item must be an object."));
        }

        if (JsonStrings.FindUnreadable(input, path) is { } unreadable)
        {
            return (null, ApiError.Invalid(unreadable, "It holds NUL or half a character."));
        }

        // OpenAI's short form of a message has no type.
        var type = !input.TryGetProperty("type", out var given) && input.TryGetProperty("role", out _) ? ItemVocabulary.Message : TextOf(given);
        if (type is null)
        {
            return (null, ApiError.Missing($"{path}.type"));
        }

        if (!ItemVocabulary.Types.Contains(type))
        {
            return (null, ApiError.Invalid($"{path}.type", "This is no type of item that is known here."));
        }

        foreach (var member in Required.GetValueOrDefault(type, []))
        {
            if (!input.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                return (null, ApiError.Missing($"{path}.{member}"));
            }
        }

        var now = clock.GetUtcNow();
        var item = new ConversationItem { Id = IdOf(input), ConversationId = conversation, Type = type, CreatedAt = now };
        var error = Fill(ref item, input, path);
        if (error is not null)
        {
            return (null, error);
        }

        var unanswered = type == ItemVocabulary.McpCall && item.Output is null && item.Error is null;
        var status = item.Status ?? (unanswered ? ItemVocabulary.InProgress : ItemVocabulary.Completed);
        return (item with
        {
            Status = status,
            CompletedAt = status == ItemVocabulary.Completed ? now : null,
            IncompleteAt = status == ItemVocabulary.Incomplete ? now : null,
        }, null);
    }

    private static ApiError? Fill(ref ConversationItem item, JsonElement input, string path)
    {
        var extra = new Dictionary<string, JsonElement>();
        var extraLength = 0;
        foreach (var member in input.EnumerateObject())
        {
            var (name, value, at) = (member.Name, member.Value, $"{path}.{member.Name}");
            var text = TextOf(value);
            ApiError? error = null;
            switch (name)
            {
                case "id" when HasPrefixOfItsOwn(text):
                    // Kept as it was given, to be answered again; what identifies the item is the rest of it.
                    extra[name] = value;
                    break;
                case "type" or "id":
                case var _ when value.ValueKind == JsonValueKind.Null || ServerSaid.Contains(name):
                    break;
                case "role":
                    item = item with { Role = text };
                    error = text is not null && ItemVocabulary.Roles.Contains(text) ? null : ApiError.Invalid(at, "This is no role that is known here.");
                    break;
                case "status":
                    item = item with { Status = text };
                    error = text is not null && ItemVocabulary.Statuses.Contains(text) ? null : ApiError.Invalid(at, "This is no status that is known here.");
                    break;
                case "content":
                    error = ContentReader.Read(value, RoleOf(input), at, out var content);
                    item = item with { Content = content };
                    break;
                case "incomplete_details" when value.ValueKind == JsonValueKind.Object:
                    item = item with { IncompleteDetails = value.GetRawText() };
                    error = value.GetRawText().Length > MaxExtra ? TooLong(at) : null;
                    break;
                case "call_id":
                    item = item with { CallId = text };
                    error = CheckName(text, at);
                    break;
                case "name":
                    item = item with { Name = text };
                    error = CheckName(text, at);
                    break;
                case "server_label":
                    item = item with { ServerLabel = text };
                    error = CheckName(text, at);
                    break;
                case "arguments" when text is not null:
                    item = item with { Arguments = text };
                    error = text.Length > MaxCallText ? TooLong(at) : null;
                    break;
                case "output" when text is not null:
                    item = item with { Output = text };
                    error = text.Length > MaxCallText ? TooLong(at) : null;
                    break;
                case "error" when text is not null:
                    item = item with { Error = text };
                    error = text.Length > MaxCallText ? TooLong(at) : null;
                    break;
                default:
                    extra[name] = value;

                    // A call's output may also be content, with images in it, and the result of image_generation_call is an image.
                    extraLength += name is "output" or "result" ? 0 : value.GetRawText().Length;
                    error = extraLength > MaxExtra ? TooLong(at) : null;
                    break;
            }

            if (error is not null)
            {
                return error;
            }
        }

        item = item with { Extra = extra.Count == 0 ? null : JsonSerializer.Serialize(extra, ConversationsJson.Default.DictionaryStringJsonElement) };
        return null;
    }

    /// <summary>An id of ours is kept; others, such as those that OpenAI's API gave out, are replaced.</summary>
    private Id<ConversationItem> IdOf(JsonElement input)
    {
        var id = input.TryGetProperty("id", out var given) ? ItemRef.Parse(TextOf(given)).Id : default;
        return id.IsNone ? Id<ConversationItem>.New(clock) : id;
    }

    private static bool HasPrefixOfItsOwn(string? id) =>
        !ItemRef.Parse(id).Id.IsNone && Id<ConversationItem>.Parse(id).IsNone;

    private static string? RoleOf(JsonElement input) => input.TryGetProperty("role", out var role) ? TextOf(role) : null;

    private static string? TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ApiError? CheckName(string? text, string path) =>
        text is null or { Length: 0 or > MaxName } ? ApiError.Invalid(path, $"It must be a string of 1 to {MaxName} characters.") : null;

    private static ApiError TooLong(string path) => ApiError.Invalid(path, "It is too long.");
}
