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

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
