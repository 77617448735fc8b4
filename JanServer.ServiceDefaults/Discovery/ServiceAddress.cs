namespace JanServer.ServiceDefaults.Discovery;

/// <summary>
/// An address by service name: <c>http://accounts</c>, <c>https+http://accounts</c> (schemes in order of preference) or
/// <c>http://_metrics.accounts</c> (the endpoint named <c>metrics</c>).
/// </summary>
internal readonly record struct ServiceAddress(string Service, string? Endpoint, string[] Schemes)
{
    public static ServiceAddress Parse(Uri address)
    {
        var schemes = address.Scheme.Split('+');
        var host = address.Host;
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return host.StartsWith('_') && dot > 1
            ? new(host[(dot + 1)..], host[1..dot], schemes)
            : new(host, null, schemes);
    }
}
