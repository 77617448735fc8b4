using JanServer.LlmApi.Upstreams;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Providers;

/// <summary>Asks a provider which models it has, and so whether its endpoint is well.</summary>
internal sealed class ModelListing(UpstreamClient client, IOptions<UpstreamOptions> options)
{
    private const int MaxBytes = 4 << 20;

    /// <summary>The models, or in a word why they are not known.</summary>
    public async Task<(IReadOnlyList<ListedModel>? Models, string? Problem)> ReadAsync(
        Provider provider, UpstreamEndpoint endpoint, TimeSpan? timeout, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout ?? options.Value.ListingTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.ModelsUrl);
            using var response = await client.SendAsync(request, provider, wantsStream: false, limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                return (null, $"The provider answered {(int)response.StatusCode} to the list of models.");
            }

            await response.Content.LoadIntoBufferAsync(MaxBytes, limit.Token);
            var body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return ListedModelReader.Read(body) is { } models ? (models, null) : (null, "The provider's list of models is not OpenAI's.");
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
}
