namespace JanServer.Gateway.Routing;

/// <summary>Where a public path prefix leads. The longest prefix wins, whatever the order of the table.</summary>
/// <param name="Prefix">The public path: itself and everything below it.</param>
/// <param name="Service">The resource name of the service.</param>
internal sealed record ServiceRoute(string Prefix, string Service)
{
    /// <summary>What the service calls <see cref="Prefix"/>; the same unless told.</summary>
    public string InternalPrefix { get; init; } = Prefix;
}
