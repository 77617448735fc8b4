using System.Text.Json;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Upstreams;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Providers;

/// <summary>Reads the addresses of a provider in the ways in which administrators may write them.</summary>
internal static class EndpointInputs
{
    /// <summary>The endpoints that the input gives; null when it gives none.</summary>
    public static (IReadOnlyList<EndpointInput>? Endpoints, ApiError? Error) Read(ProviderInput input)
    {
        var param = input.Endpoints is not null ? "endpoints" : input.BaseUrl is not null ? "base_url" : "url";
        var given = input.Endpoints ?? ((input.BaseUrl ?? input.Url) is { } text ? Split(text) : []);
        if (given is null)
        {
            return (null, ApiError.Invalid(param, "It must be a URL, URLs with commas between, or a JSON array of URLs or endpoints."));
        }

        if (given.Count == 0)
        {
            return input.Endpoints is null && input.BaseUrl is null && input.Url is null
                ? (null, null)
                : (null, ApiError.Invalid(param, "A provider needs at least one address."));
        }

        return Check(given, param) is { } error ? (null, error) : (given, null);
    }

    private static ApiError? Check(IReadOnlyList<EndpointInput> endpoints, string param)
    {
        if (endpoints.Count > EndpointBalancer.MaxEndpoints)
        {
            return ApiError.Invalid(param, $"A provider has at most {EndpointBalancer.MaxEndpoints} endpoints.");
        }

        var seen = new HashSet<Uri>();
        for (var i = 0; i < endpoints.Count; i++)
        {
            var at = param == "endpoints" ? $"endpoints[{i}].url" : param;
            if (endpoints[i] is null || !BaseUrls.TryParse(endpoints[i].Url, out var url))
            {
                return ApiError.Invalid(at, "It must be an http or https URL without user information, query and fragment.");
            }

            if (!seen.Add(url))
            {
                return ApiError.Invalid(at, "The same address is there twice.");
            }

            if (endpoints[i] is not ({ Weight: null or (>= 1 and <= 1000) } and { Priority: null or (>= 0 and <= 1_000_000) }))
            {
                return ApiError.Invalid(at, "A weight is 1 to 1000, a priority 0 to 1000000.");
            }
        }

        return null;
    }

    private static IReadOnlyList<EndpointInput>? Split(string text)
    {
        if (!text.TrimStart().StartsWith('['))
        {
            return [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(url => new EndpointInput(url))];
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return
            [
                .. document.RootElement.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
                    ? new EndpointInput(item.GetString())
                    : item.Deserialize(CatalogueJson.Default.EndpointInput) ?? new EndpointInput(null)),
            ];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
