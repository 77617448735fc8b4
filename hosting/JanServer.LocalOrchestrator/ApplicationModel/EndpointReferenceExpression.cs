using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

public enum EndpointProperty
{
    Url,
    Host,
    IPV4Host,
    Port,
    Scheme,
    TargetPort,
    HostAndPort,
}

public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property)
    : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    public EndpointReference Endpoint { get; } = endpointReference;

    public EndpointProperty Property { get; } = property;

    public string ValueExpression => Property switch
    {
        EndpointProperty.HostAndPort => $"{Binding("host")}:{Binding("port")}",
        EndpointProperty.Host or EndpointProperty.IPV4Host => Binding("host"),
        EndpointProperty.Port => Binding("port"),
        EndpointProperty.Scheme => Binding("scheme"),
        EndpointProperty.TargetPort => Binding("targetPort"),
        _ => Binding("url"),
    };

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Value());

    private string? Value() => (Property, Endpoint.IsAllocated) switch
    {
        (EndpointProperty.Scheme, _) => Endpoint.Scheme,
        (_, false) => null,
        (EndpointProperty.Host, _) => Endpoint.Host,
        (EndpointProperty.IPV4Host, _) => Endpoint.Host == "localhost" ? "127.0.0.1" : Endpoint.Host,
        (EndpointProperty.Port, _) => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        // A process binds its public port itself here, so both are the same.
        (EndpointProperty.TargetPort, _) => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        (EndpointProperty.HostAndPort, _) => $"{Endpoint.Host}:{Endpoint.Port.ToString(CultureInfo.InvariantCulture)}",
        _ => Endpoint.Url,
    };

    private string Binding(string property) => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{property}}}";
}
