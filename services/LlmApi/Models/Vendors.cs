using System.Collections.Frozen;

namespace JanServer.LlmApi.Models;

/// <summary>Whose API a provider is, by the words that administrators use.</summary>
internal static class Vendors
{
    public const string Jan = "jan";
    public const string OpenAi = "openai";
    public const string Anthropic = "anthropic";
    public const string Google = "google";
    public const string Azure = "azure_openai";
    public const string Bedrock = "aws_bedrock";
    public const string Ollama = "ollama";
    public const string OpenRouter = "openrouter";
    public const string ZImage = "z-image";
    public const string Custom = "custom";

    private static readonly FrozenDictionary<string, string> Known = new Dictionary<string, string>
    {
        [Jan] = Jan,
        [OpenRouter] = OpenRouter,
        [OpenAi] = OpenAi,
        [Anthropic] = Anthropic,
        [Google] = Google,
        ["gemini"] = Google,
        ["googleai"] = Google,
        ["mistral"] = "mistral",
        ["groq"] = "groq",
        ["cohere"] = "cohere",
        [Ollama] = Ollama,
        ["replicate"] = "replicate",
        [Azure] = Azure,
        ["azure"] = Azure,
        [Bedrock] = Bedrock,
        ["bedrock"] = Bedrock,
        ["perplexity"] = "perplexity",
        ["togetherai"] = "togetherai",
        ["together"] = "togetherai",
        ["huggingface"] = "huggingface",
        ["vercel_ai"] = "vercel_ai",
        ["vercel"] = "vercel_ai",
        ["deepinfra"] = "deepinfra",
        [ZImage] = ZImage,
        ["zimage"] = ZImage,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The one word for a vendor; <see cref="Custom"/> for one that is not known, such as <c>vllm</c>.</summary>
    public static string Of(string? vendor) => vendor is not null && Known.TryGetValue(vendor.Trim(), out var known) ? known : Custom;
}
