using System.Text.Json;
using JanServer.Contracts.Ids;

namespace JanServer.LlmApi.Providers;

/// <summary>A provider that an administrator made: a row of <c>providers</c>.</summary>
internal sealed record StoredProvider : IIdentified
{
    public static string IdPrefix => "prov";

    public required Id<StoredProvider> Id { get; init; }

    public required string Name { get; init; }

    public required string BaseUrl { get; init; }

    public required string Kind { get; init; }

    /// <summary>The credential under <see cref="KeyId"/>; see <see cref="ProviderKeys"/>.</summary>
    public byte[]? EncryptedKey { get; init; }

    public string? KeyId { get; init; }

    public required bool Enabled { get; init; }

    public required int Priority { get; init; }

    public required int TimeoutSeconds { get; init; }

    /// <summary>Whose API it is, in an administrator's word; null when its models keep their own ids.</summary>
    public string? Vendor { get; init; }

    /// <summary>What its models make: <c>llm</c> or <c>image</c>.</summary>
    public string Category { get; init; } = ProviderCategories.Llm;

    /// <summary>How requests are spread over its endpoints: <c>weighted</c> or <c>least_loaded</c>.</summary>
    public string LoadBalancing { get; init; } = "weighted";

    /// <summary>The <c>api-version</c> of an Azure resource that is asked by deployment.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The provider's own ids of the models to offer; null to ask it.</summary>
    public string[]? Models { get; init; }

    public bool DefaultProviderImageGenerate { get; init; }

    public bool DefaultProviderImageEdit { get; init; }

    /// <summary>A JSON object of an administrator's.</summary>
    public JsonElement Metadata { get; init; } = JsonElement.Parse("{}");

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
