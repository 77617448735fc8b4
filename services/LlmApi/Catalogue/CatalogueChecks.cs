using System.Text.Json;
using JanServer.LlmApi.Models;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Catalogue;

/// <summary>What the members of partial updates may be.</summary>
internal static class CatalogueChecks
{
    private const int MaxJsonLength = 65_536;
    private const int MaxListItems = 100;
    private const long MaxAmount = 1_000_000_000_000_000;

    private static readonly string[] ReasoningFormats = [ModelDetails.ThinkTags, "reasoning_content", "none"];

    public static ApiError? Check(UpdateCatalog input) =>
        Text("model_display_name", input.ModelDisplayName.Value, 255)
        ?? Text("description", input.Description.Value, 16_384)
        ?? Text("notes", input.Notes.Value, 16_384)
        ?? Text("family", input.Family.Value, 128)
        ?? Text("requires_feature_flag", input.RequiresFeatureFlag.Value, 50)
        ?? Texts("tags", input.Tags.Value, 64)
        ?? Texts("supported_parameters.names", input.SupportedParameters.Value?.Names, 64)
        ?? Defaults(input.SupportedParameters.Value?.Default)
        ?? Texts("architecture.input_modalities", input.Architecture.Value?.InputModalities, 64)
        ?? Texts("architecture.output_modalities", input.Architecture.Value?.OutputModalities, 64)
        ?? Text("architecture.modality", input.Architecture.Value?.Modality, 128)
        ?? Text("architecture.tokenizer", input.Architecture.Value?.Tokenizer, 128)
        ?? Text("architecture.instruct_type", input.Architecture.Value?.InstructType, 128)
        ?? Positive("context_length", input.ContextLength.Value)
        ?? (input.ReasoningFormat.Value is { } format && !ReasoningFormats.Contains(format)
            ? ApiError.Invalid("reasoning_format", $"It must be one of {string.Join(", ", ReasoningFormats)}, or null.")
            : null)
        ?? Json("extras", input.Extras.Value);

    public static ApiError? Check(UpdateProviderModel input) =>
        Text("model_display_name", input.ModelDisplayName.Value, 255)
        ?? Text("category", input.Category.Value, 128)
        ?? NotNegative("category_order_number", input.CategoryOrderNumber)
        ?? NotNegative("model_order_number", input.ModelOrderNumber)
        ?? Positive("token_limits.context_length", input.TokenLimits.Value?.ContextLength)
        ?? Positive("token_limits.max_completion_tokens", input.TokenLimits.Value?.MaxCompletionTokens)
        ?? Prices(input.Pricing.Value?.Lines);

    public static ApiError? CheckExceptions(IReadOnlyList<string>? models) =>
        models is { Count: > 1000 } ? ApiError.Invalid("except_models", "They must be at most 1000.") : null;

    private static ApiError? Text(string param, string? text, int max) =>
        text is not null && (text.Length > max || text.Contains('\0', StringComparison.Ordinal))
            ? ApiError.Invalid(param, $"It must have at most {max} characters and no NUL.")
            : null;

    private static ApiError? Texts(string param, IReadOnlyList<string>? texts, int max) =>
        texts is not null && (texts.Count > MaxListItems || texts.Any(text => string.IsNullOrEmpty(text) || text.Length > max || text.Contains('\0', StringComparison.Ordinal)))
            ? ApiError.Invalid(param, $"They must be at most {MaxListItems} texts of 1 to {max} characters without NUL.")
            : null;

    private static ApiError? Positive(string param, int? number) => number <= 0 ? ApiError.Invalid(param, "It must be greater than 0.") : null;

    private static ApiError? NotNegative(string param, int? number) => number < 0 ? ApiError.Invalid(param, "It must not be negative.") : null;

    private static ApiError? Json(string param, JsonElement? value) =>
        value?.GetRawText() is { } text && (text.Length > MaxJsonLength || text.Contains("\\u0000", StringComparison.Ordinal))
            ? ApiError.Invalid(param, $"It must have at most {MaxJsonLength} characters and no NUL.")
            : null;

    // They go into requests as they stand, so only numbers, which is what sampling parameters are.
    private static ApiError? Defaults(IReadOnlyDictionary<string, JsonElement>? defaults) =>
        defaults is null ? null
        : defaults.Count > MaxListItems ? ApiError.Invalid("supported_parameters.default", $"They must be at most {MaxListItems}.")
        : defaults.FirstOrDefault(one => one.Value.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null) || one.Key.Length > 64 || one.Key.Contains('\0', StringComparison.Ordinal)) is { Key: { } name }
            ? ApiError.Invalid($"supported_parameters.default.{(name.Length > 64 ? name[..64] : name)}", "It must be a number.")
        : null;

    private static ApiError? Prices(IReadOnlyList<PriceLineInput>? lines)
    {
        var units = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < lines?.Count; i++)
        {
            var line = lines[i];
            var error = line?.Unit is not { } unit || !PriceUnits.All.Contains(unit)
                    ? ApiError.Invalid($"pricing.lines[{i}].unit", $"It must be one of {string.Join(", ", PriceUnits.All)}.")
                : line.AmountMicroUsd is not (>= 0 and <= MaxAmount) ? ApiError.Invalid($"pricing.lines[{i}].amount_micro_usd", $"It must be 0 to {MaxAmount}.")
                : line.Currency is not (null or PriceLine.Dollar) ? ApiError.Invalid($"pricing.lines[{i}].currency", "It must be USD.")
                : !units.Add(unit) ? ApiError.Invalid($"pricing.lines[{i}].unit", "There is a price for it already.")
                : null;
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }
}
