using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.McpTools;

/// <summary>What a request changes about a tool, checked.</summary>
internal sealed record McpToolChange
{
    public const int MaxDescription = 4096;
    public const int MaxCategory = 100;
    public const int MaxMetadataBytes = 16 * 1024;
    public const int MaxKeywords = 100;
    public const int MaxKeyword = 500;

    private const string Keywords = "disallowed_keywords";

    private McpToolChange(UpdateMcpTool input)
    {
        Description = input.Description?.Trim();
        Category = input.Category?.Trim();
        IsActive = input.IsActive;
        HasMetadata = input.HasMetadata;
        Metadata = input.Metadata is { ValueKind: JsonValueKind.Object } metadata ? metadata.GetRawText() : null;
        DisallowedKeywords = input.HasDisallowedKeywords ? [.. (input.DisallowedKeywords ?? []).OfType<string>()] : null;
    }

    public string? Description { get; }

    public string? Category { get; }

    public bool? IsActive { get; }

    public bool HasMetadata { get; }

    public string? Metadata { get; }

    /// <summary>The new ones, or null when they stay.</summary>
    public string[]? DisallowedKeywords { get; }

    /// <summary>Checks a request.</summary>
    public static (McpToolChange? Change, ApiError? Error) Of(UpdateMcpTool input)
    {
        var error = Text("description", input.Description, MaxDescription)
            ?? Text("category", input.Category, MaxCategory)
            ?? OfMetadata(input.Metadata)
            ?? OfKeywords(input.DisallowedKeywords);
        return error is null ? (new(input), null) : (null, error);
    }

    private static ApiError? Text(string param, string? text, int max) =>
        text is null ? null
        : string.IsNullOrWhiteSpace(text) ? ApiError.Invalid(param, "This must not be blank.")
        : text.Length > max ? ApiError.Invalid(param, $"This has at most {max} characters.")
        : text.Contains('\0', StringComparison.Ordinal) ? ApiError.Invalid(param, "This must not hold the character U+0000.")
        : null;

    private static ApiError? OfMetadata(JsonElement? metadata) => metadata switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: not JsonValueKind.Object } => ApiError.Invalid("metadata", "Metadata is a JSON object."),
        { } json when Encoding.UTF8.GetByteCount(json.GetRawText()) > MaxMetadataBytes =>
            ApiError.Invalid("metadata", $"Metadata has at most {MaxMetadataBytes} bytes."),
        _ => null,
    };

    private static ApiError? OfKeywords(IReadOnlyList<string?>? keywords)
    {
        if (keywords is null)
        {
            return null;
        }

        if (keywords.Count > MaxKeywords)
        {
            return ApiError.Invalid(Keywords, $"There are at most {MaxKeywords} disallowed keywords.");
        }

        for (var i = 0; i < keywords.Count; i++)
        {
            if (OfKeyword($"{Keywords}[{i}]", keywords[i]) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static ApiError? OfKeyword(string param, string? keyword)
    {
        if (keyword is null)
        {
            return ApiError.Invalid(param, "A disallowed keyword is a string.");
        }

        if (Text(param, keyword, MaxKeyword) is { } error)
        {
            return error;
        }

        try
        {
            // Takes time linear in what it is matched against, so no keyword can stall the service that applies it.
            var regex = new Regex(keyword, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return regex.IsMatch("")
                ? ApiError.Invalid(param, "This regular expression matches everything.")
                : null;
        }
        catch (ArgumentException e)
        {
            return ApiError.Invalid(param, $"This is no regular expression: {e.Message}");
        }
        catch (NotSupportedException)
        {
            return ApiError.Invalid(param, "This regular expression is too large, or holds a backreference, lookaround or atomic group.");
        }
    }
}
