using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Gateway.Routing;

namespace JanServer.Gateway.OpenApi;

/// <summary>
/// The document of the whole deployment, put together from what its services say about themselves. Fetched at most twice a minute;
/// a service that is down keeps the part it had.
/// </summary>
internal sealed partial class CombinedOpenApi(
    ServiceAddresses addresses,
    IHttpClientFactory clients,
    TimeProvider clock,
    ILogger<CombinedOpenApi> logger)
{
    /// <summary>The name of the HTTP client.</summary>
    public const string ClientName = "openapi";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, string> _lastKnown = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Task<byte[]>? _building;
    private DateTimeOffset _freshUntil;

    /// <summary>The document as UTF-8 JSON.</summary>
    public Task<byte[]> GetAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_building is null || (_building.IsCompleted && clock.GetUtcNow() >= _freshUntil))
            {
                _freshUntil = clock.GetUtcNow() + Freshness;
                _building = BuildAsync();
            }

            return _building.WaitAsync(ct);
        }
    }

    private async Task<byte[]> BuildAsync()
    {
        var services = RouteTable.Services.Where(service => addresses.Of(service).Count > 0).ToList();
        await Task.WhenAll(services.Select(FetchAsync));
        var documents = services
            .Where(_lastKnown.ContainsKey)
            .Select(service => (service, (JsonObject)JsonNode.Parse(_lastKnown[service])!));
        return Encoding.UTF8.GetBytes(OpenApiMerger.Merge(documents).ToJsonString());
    }

    private async Task FetchAsync(string service)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            var text = await client.GetStringAsync(new Uri(addresses.Of(service)[0], "/openapi/v1.json"));
            if (JsonNode.Parse(text) is JsonObject)
            {
                _lastKnown[service] = text;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException)
        {
            Log.Missing(logger, exception, service);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The OpenAPI document of {Service} cannot be had")]
        public static partial void Missing(ILogger logger, Exception exception, string service);
    }
}
