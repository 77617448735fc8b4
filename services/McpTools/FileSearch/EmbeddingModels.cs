using System.Text.Json;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.FileSearch;

/// <summary>Says which model makes vectors: the configured one, else the first that llm-api lists and whose name says that it does.</summary>
internal sealed class EmbeddingModels(IHttpClientFactory clients, IOptions<FileSearchOptions> options, TimeProvider clock)
{
    // As llm-api tells models that are not for chat.
    private static readonly string[] Markers = ["embed", "bge-", "e5-"];
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private volatile Found? _found;

    public async ValueTask<string?> FindAsync(Caller caller, CancellationToken ct)
    {
        if (options.Value.EmbeddingModel is { Length: > 0 } configured)
        {
            return configured;
        }

        if (_found is { } found && clock.GetUtcNow() < found.Until)
        {
            return found.Model;
        }

        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
            deadline.CancelAfter(Timeout);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("v1/models", UriKind.Relative));
            using var response = await clients.CreateClient(Embedder.Client).SendAsync(request.For(caller), deadline.Token);
            response.EnsureSuccessStatusCode();
            var list = await response.Content.ReadFromJsonAsync(FileSearchJson.Default.ListedModels, deadline.Token);
            var model = list?.Data?.Select(one => one.Id).OfType<string>()
                .FirstOrDefault(id => Markers.Any(marker => id.Contains(marker, StringComparison.OrdinalIgnoreCase)));
            if (model is not null)
            {
                // What one caller may not use another may: that there is none is no news for all.
                _found = new(model, clock.GetUtcNow() + Lifetime);
            }

            return model;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return _found?.Model;
        }
    }

    private sealed record Found(string Model, DateTimeOffset Until);
}
