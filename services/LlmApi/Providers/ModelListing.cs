using System.Text.Json;
using JanServer.LlmApi.Upstreams;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Providers;

/// <summary>Asks a provider which models it has.</summary>
internal sealed class ModelListing(UpstreamClient client, IOptions<UpstreamOptions> options)
{
    private const int MaxBytes = 4 << 20;
    private const int MaxModels = 10_000;
    private const int MaxIdLength = 256;

    /// <summary>The models, or in a word why they are not known.</summary>
    public async Task<(IReadOnlyList<OfferedModel>? Models, string? Problem)> ReadAsync(Provider provider, TimeSpan? timeout, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout ?? options.Value.ListingTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, provider.ModelsUrl);
            using var response = await client.SendAsync(request, provider, wantsStream: false, limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                return (null, $"The provider answered {(int)response.StatusCode} to the list of models.");
            }

            await response.Content.LoadIntoBufferAsync(MaxBytes, limit.Token);
            var body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return Parse(body) is { } models ? (models, null) : (null, "The provider's list of models is not OpenAI's.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, "The provider did not list its models in time.");
        }
        catch (HttpRequestException e)
        {
            return (null, $"The provider cannot be reached ({e.HttpRequestError}).");
        }
    }

    /// <summary>Reads OpenAI's list, or the bare array that some servers send; null when it is neither.</summary>
    internal static IReadOnlyList<OfferedModel>? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var list = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data) ? data : root;
            if (list.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            return [.. list.EnumerateArray().Take(MaxModels).Select(Model).OfType<OfferedModel>().DistinctBy(model => model.Id, StringComparer.Ordinal)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static OfferedModel? Model(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object
            || !item.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String
            || id.GetString() is not { Length: > 0 and <= MaxIdLength } text
            || string.IsNullOrWhiteSpace(text) || text.Any(char.IsControl))
        {
            return null;
        }

        var created = item.TryGetProperty("created", out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetInt64(out var seconds) ? seconds : 0;
        var owner = item.TryGetProperty("owned_by", out var by) && by.ValueKind == JsonValueKind.String ? by.GetString() : null;
        return new(text, text, created, string.IsNullOrWhiteSpace(owner) ? null : owner);
    }
}
