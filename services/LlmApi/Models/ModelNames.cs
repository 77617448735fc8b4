using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace JanServer.LlmApi.Models;

/// <summary>
/// Turns what a provider calls a model into the public id <c>vendor/model</c>, so that the same model of several providers is one model.
/// </summary>
internal static class ModelNames
{
    private const string Unknown = "unknown";

    // Owners as hubs and aggregators write them, and the vendor that they are.
    private static readonly FrozenDictionary<string, string> Owners = new Dictionary<string, string>
    {
        ["meta-llama"] = "meta",
        ["facebook"] = "meta",
        ["meta"] = "meta",
        ["mistralai"] = "mistral",
        ["mistral"] = "mistral",
        ["qwen"] = "qwen",
        ["tiiuae"] = "tii",
        ["tii"] = "tii",
        ["deepmind"] = "google",
        ["google"] = "google",
        ["openai"] = "openai",
        ["anthropic"] = "anthropic",
        ["cohere"] = "cohere",
        ["coherelabs"] = "cohere",
        ["cohereforai"] = "cohere",
        ["microsoft"] = "microsoft",
        ["deepseek-ai"] = "deepseek",
        ["deepseek"] = "deepseek",
        ["01-ai"] = "01-ai",
        ["thudm"] = "zhipu",
        ["zai-org"] = "zhipu",
        ["zhipu"] = "zhipu",
        ["janhq"] = "jan",
        ["nvidia"] = "nvidia",
        ["amazon"] = "amazon",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly (string Prefix, string Vendor)[] Families =
    [
        ("llama", "meta"), ("codellama", "meta"), ("gemma", "google"), ("mixtral", "mistral"), ("mistral", "mistral"), ("qwen", "qwen"),
        ("phi", "microsoft"), ("yi-", "01-ai"), ("glm", "zhipu"), ("chatglm", "zhipu"), ("deepseek", "deepseek"),
    ];

    // Their models of owners that are not known are named after the one who serves them.
    private static readonly FrozenDictionary<string, string> Aggregators = new Dictionary<string, string>
    {
        [Vendors.Jan] = "jan",
        [Vendors.OpenRouter] = "openrouter",
        ["togetherai"] = "together",
        ["vercel_ai"] = "vercel",
        ["deepinfra"] = "deepinfra",
        ["replicate"] = "replicate",
        ["huggingface"] = "huggingface",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] BedrockRegions = ["us.", "eu.", "apac.", "global."];

    /// <summary>The public id of a model.</summary>
    /// <param name="vendor">Whose API lists it, in any of the words that <see cref="Vendors"/> knows.</param>
    /// <param name="modelId">The provider's own id.</param>
    public static string Normalize(string? vendor, string modelId)
    {
        var kind = Vendors.Of(vendor);
        var id = Slug(modelId);
        if (id.Length == 0)
        {
            return $"{Unknown}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(modelId)))[..12]}";
        }

        return FromVendorColon(kind, id)
            ?? FromGoogle(id)
            ?? FromBedrock(kind, id)
            ?? FromOwner(kind, id)
            ?? FromTag(kind, id)
            ?? $"{VendorOf(kind, id)}/{id.Replace(':', '-')}";
    }

    /// <summary>The id of a model whose normalized id another model of the same provider has: it keeps its owner in its name.</summary>
    public static string Distinguish(string publicId, string modelId) =>
        $"{publicId[..publicId.IndexOf('/', StringComparison.Ordinal)]}/{Slug(modelId).Replace('/', '-').Replace(':', '-')}";

    /// <summary>The family that the name of a model speaks of, such as <c>llama</c>.</summary>
    public static string? FamilyOf(string publicId)
    {
        var name = publicId[(publicId.LastIndexOf('/') + 1)..];
        var letters = name.TakeWhile(char.IsAsciiLetter).Count();
        return letters > 1 ? name[..letters] : null;
    }

    internal static string Slug(string text)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var c in text.Trim().ToLowerInvariant())
        {
            if (c == '_' || char.IsWhiteSpace(c))
            {
                slug.Append('-');
            }
            else if (char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':' or '/')
            {
                slug.Append(c);
            }
        }

        return slug.ToString().Trim('/', ':');
    }

    // openai:gpt-4o. What begins like a version is a tag: mistral:7b is no model "7b" of Mistral.
    private static string? FromVendorColon(string kind, string id)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        if (kind == Vendors.Ollama || colon <= 0 || id.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash && slash < colon)
        {
            return null;
        }

        var rest = id[(colon + 1)..];
        return Remap(id[..colon]) is { } vendor && !char.IsAsciiDigit(rest[0]) && rest != "latest" ? $"{vendor}/{rest.Replace(':', '-')}" : null;
    }

    private static string? FromGoogle(string id) =>
        id.StartsWith("models/", StringComparison.Ordinal) ? $"google/{id["models/".Length..]}" : null;

    // anthropic.claude-3-haiku-20240307-v1:0, with or without the region that routes it.
    private static string? FromBedrock(string kind, string id)
    {
        if (id.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        var region = BedrockRegions.FirstOrDefault(one => id.StartsWith(one, StringComparison.Ordinal));
        var name = region is null ? id : id[region.Length..];
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || dot == name.Length - 1)
        {
            return null;
        }

        var vendor = Remap(name[..dot]) ?? (kind == Vendors.Bedrock ? name[..dot] : null);
        return vendor is null ? null : $"{vendor}/{name[(dot + 1)..].Split(':')[0]}";
    }

    private static string? FromOwner(string kind, string id)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == id.Length - 1)
        {
            return null;
        }

        var (owner, model) = (id[..slash], id[(slash + 1)..].Replace(':', '-'));
        var vendor = Remap(owner) ?? FamilyVendor(model) ?? Aggregators.GetValueOrDefault(kind) ?? owner;
        return $"{vendor}/{model}";
    }

    private static string? FromTag(string kind, string id) => kind == Vendors.Ollama || id.Contains(':', StringComparison.Ordinal)
        ? $"{FamilyVendor(id) ?? Inferred(id)}/{id.Replace(':', '-')}"
        : null;

    private static string VendorOf(string kind, string id) => kind switch
    {
        Vendors.OpenAi or Vendors.Azure => "openai",
        Vendors.Anthropic => "anthropic",
        Vendors.Google => "google",
        "mistral" or "cohere" or "perplexity" => kind,
        _ => Aggregators.GetValueOrDefault(kind) ?? FamilyVendor(id) ?? Inferred(id),
    };

    private static string Inferred(string id) =>
        id.Contains("claude", StringComparison.Ordinal) ? "anthropic"
        : id.Contains("gpt", StringComparison.Ordinal) || id.StartsWith("o1", StringComparison.Ordinal) ? "openai"
        : id.Contains("gemini", StringComparison.Ordinal) ? "google"
        : Unknown;

    private static string? FamilyVendor(string model)
    {
        foreach (var (prefix, vendor) in Families)
        {
            if (model.StartsWith(prefix, StringComparison.Ordinal))
            {
                return vendor;
            }
        }

        return null;
    }

    private static string? Remap(string owner) =>
        Owners.TryGetValue(owner, out var vendor) ? vendor : owner.StartsWith("qwen", StringComparison.Ordinal) && owner.All(char.IsAsciiLetter) ? "qwen" : null;
}
