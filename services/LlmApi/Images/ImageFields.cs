using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Images;

/// <summary>
/// Checks the members of a request for images and takes out those that are ours. What is not known here goes to the provider as it is,
/// because engines have parameters of their own. Nothing is capped or corrected in silence.
/// </summary>
internal static partial class ImageFields
{
    private const int MaxPrompt = 32_000;
    private const int MaxSide = 8192;

    private static readonly Dictionary<string, string[]> Choices = new(StringComparer.Ordinal)
    {
        ["quality"] = ["auto", "low", "medium", "high", "standard", "hd"],
        ["style"] = ["vivid", "natural"],
        ["background"] = ["auto", "transparent", "opaque"],
        ["output_format"] = ["png", "jpeg", "webp"],
        ["moderation"] = ["auto", "low"],
        ["response_format"] = ["url", "b64_json"],
    };

    /// <summary>The request that these members make, without its images.</summary>
    public static (ImageRequest? Request, ApiError? Error) Read(JsonObject members, bool isEdit, ImageOptions options)
    {
        if (Check(members, isEdit, options) is { } error)
        {
            return (null, error);
        }

        var request = new ImageRequest(
            Text(members, "model"),
            Text(members, "prompt")!,
            Text(members, "response_format") == "b64_json" ? ImageForm.Base64 : ImageForm.Url,
            members)
        {
            ProviderId = Text(members, "provider_id"),
            ConversationId = ConversationOf(members),
            Store = members["store"]?.GetValue<bool>() ?? true,
        };
        string[] ours = ["model", "response_format", "provider_id", "conversation", "conversation_id", "store", "stream", "image", "images", "image[]", "mask"];
        foreach (var name in ours)
        {
            members.Remove(name);
        }

        if (Text(members, "size") == "original")
        {
            members.Remove("size");
        }

        return (request, null);
    }

    private static ApiError? Check(JsonObject members, bool isEdit, ImageOptions options)
    {
        foreach (var name in (string[])["model", "prompt", "size", "user", "provider_id", "conversation_id", .. Choices.Keys])
        {
            if (members[name] is { } value && value.GetValueKind() is not JsonValueKind.String)
            {
                return ApiError.Invalid(name, $"'{name}' must be a string.");
            }
        }

        foreach (var (name, values) in Choices)
        {
            if (Text(members, name) is { } value && !values.Contains(value, StringComparer.Ordinal))
            {
                return ApiError.Invalid(name, $"'{name}' must be one of: {string.Join(", ", values)}.");
            }
        }

        return CheckPrompt(members)
            ?? CheckCount(members, options)
            ?? CheckSize(members, isEdit)
            ?? CheckFlags(members)
            ?? (members["conversation"] is { } conversation && ConversationOf(members) is null && conversation.GetValueKind() is not JsonValueKind.Null
                ? ApiError.Invalid("conversation", "'conversation' must be an id or an object with an id.")
                : null);
    }

    private static ApiError? CheckPrompt(JsonObject members) =>
        Text(members, "prompt") is not { } prompt ? ApiError.Missing("prompt")
        : string.IsNullOrWhiteSpace(prompt) ? ApiError.Invalid("prompt", "'prompt' must not be empty.")
        : prompt.Length > MaxPrompt ? ApiError.Invalid("prompt", $"'prompt' must not be longer than {MaxPrompt} characters.")
        : null;

    private static ApiError? CheckCount(JsonObject members, ImageOptions options) =>
        members["n"] is not { } n || (n is JsonValue value && value.TryGetValue<int>(out var count) && count >= 1 && count <= options.MaxImages)
            ? null
            : ApiError.Invalid("n", $"'n' must be a whole number from 1 to {options.MaxImages}.");

    private static ApiError? CheckSize(JsonObject members, bool isEdit)
    {
        if (Text(members, "size") is not { } size || size == "auto" || (isEdit && size == "original"))
        {
            return null;
        }

        var match = Size().Match(size);
        return match.Success && Side(match.Groups[1]) && Side(match.Groups[2])
            ? null
            : ApiError.Invalid("size", $"'size' must be 'auto' or a width and a height of 16 to {MaxSide}, such as '1024x1024'.");

        static bool Side(Group side) => int.Parse(side.ValueSpan, CultureInfo.InvariantCulture) is >= 16 and <= MaxSide;
    }

    private static ApiError? CheckFlags(JsonObject members) =>
        members["store"] is { } store && store.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)
            ? ApiError.Invalid("store", "'store' must be true or false.")
        : members["stream"] is { } stream && stream.GetValueKind() is not JsonValueKind.False
            ? ApiError.Invalid("stream", "Images are not streamed here: 'stream' must be false or absent.")
        : null;

    private static string? ConversationOf(JsonObject members) => members["conversation"] switch
    {
        JsonValue id when id.GetValueKind() is JsonValueKind.String => id.GetValue<string>(),
        JsonObject named when named["id"] is JsonValue id && id.GetValueKind() is JsonValueKind.String => id.GetValue<string>(),
        _ => Text(members, "conversation_id"),
    };

    private static string? Text(JsonObject members, string name) => members[name]?.GetValue<string>();

    [GeneratedRegex("^([0-9]{2,4})x([0-9]{2,4})$")]
    private static partial Regex Size();
}
