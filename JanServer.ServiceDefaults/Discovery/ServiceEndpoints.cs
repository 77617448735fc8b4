using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace JanServer.ServiceDefaults.Discovery;

/// <summary>
/// Finds services by name, from configuration in the form that Aspire injects: <c>services:{name}:{endpoint}:{i}</c> is a URI. The
/// endpoint is the one named in the address, else <c>default</c>, else the first requested scheme that exists. A name without a section
/// is left to DNS. Changes of the configuration apply at once.
/// </summary>
public sealed class ServiceEndpoints : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly IDisposable _changes;

    // Only names that have a section get in, so the size is bounded by the configuration.
    private readonly ConcurrentDictionary<string, Rotation> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads from the configuration when asked.</summary>
    public ServiceEndpoints(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, _known.Clear);
    }

    /// <summary>All endpoints of the service in <paramref name="address"/>, or the address itself when it is not configured.</summary>
    /// <param name="address">An absolute address such as <c>https+http://llm-api</c>; its path and query are kept.</param>
    public IReadOnlyList<Uri> All(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Find(address) is { } rotation
            ? [.. rotation.Endpoints.Select(endpoint => Combine(address, endpoint))]
            : [PassThrough(address)];
    }

    /// <summary>The next endpoint of the service in <paramref name="address"/>, in turn.</summary>
    /// <param name="address">An absolute address such as <c>https+http://llm-api/v1/models</c>; its path and query are kept.</param>
    public Uri Next(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Find(address) is { } rotation ? Combine(address, rotation.Next()) : PassThrough(address);
    }

    /// <summary>Tells when answers may change.</summary>
    public IChangeToken GetReloadToken() => _configuration.GetReloadToken();

    /// <inheritdoc/>
    public void Dispose() => _changes.Dispose();

    private Rotation? Find(Uri address)
    {
        var key = address.GetLeftPart(UriPartial.Authority);
        if (_known.TryGetValue(key, out var rotation))
        {
            return rotation;
        }

        var endpoints = Read(ServiceAddress.Parse(address));
        return endpoints.Length == 0 ? null : _known.GetOrAdd(key, new Rotation(endpoints));
    }

    private Uri[] Read(ServiceAddress address)
    {
        var service = _configuration.GetSection("services").GetSection(address.Service);
        string[] names = address.Endpoint is { } name ? [name] : ["default", .. address.Schemes];
        var endpoints = names
            .Select(service.GetSection)
            .Where(section => section.Exists())
            .Take(1)
            .SelectMany(Values)
            .Select(value => (HasScheme: value.Contains("://", StringComparison.Ordinal), Uri: Parse(value, address.Schemes[0])))
            .ToList();
        var preferred = address.Schemes.FirstOrDefault(scheme =>
            endpoints.Exists(endpoint => endpoint.HasScheme && endpoint.Uri.Scheme == scheme));
        return [.. endpoints.Where(endpoint => !endpoint.HasScheme || endpoint.Uri.Scheme == preferred).Select(endpoint => endpoint.Uri)];
    }

    private static IEnumerable<string> Values(IConfigurationSection section) =>
        section.Value is { Length: > 0 } value ? [value] : section.GetChildren().Select(child => child.Value).OfType<string>();

    private static Uri Parse(string value, string scheme) =>
        Uri.TryCreate(value.Contains("://", StringComparison.Ordinal) ? value : $"{scheme}://{value}", UriKind.Absolute, out var uri)
            ? uri
            : throw new InvalidOperationException($"The configured service endpoint '{value}' is not an address.");

    private static Uri PassThrough(Uri address)
    {
        var plus = address.Scheme.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? address : new UriBuilder(address) { Scheme = address.Scheme[..plus], Port = address.Port }.Uri;
    }

    private static Uri Combine(Uri address, Uri endpoint) => new UriBuilder(endpoint)
    {
        Path = endpoint.AbsolutePath.TrimEnd('/') + address.AbsolutePath,
        Query = address.Query,
    }.Uri;

    private sealed class Rotation(Uri[] endpoints)
    {
        private uint _turn;

        public Uri[] Endpoints => endpoints;

        public Uri Next() => endpoints[(Interlocked.Increment(ref _turn) - 1) % (uint)endpoints.Length];
    }
}
