using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>A reference to a connection string; a required one that has no value stops the resource that asked for it.</summary>
internal sealed record ConnectionStringValue(IResourceWithConnectionString Resource, bool Optional)
    : IValueProvider, IManifestExpressionProvider, IValueWithReferences
{
    public string ValueExpression => Resource.ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [Resource];

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        await Resource.GetConnectionStringAsync(cancellationToken)
        ?? (Optional ? null : throw new DistributedApplicationException(
            $"'{Resource.Name}' has no connection string: it does not run here. Supply ConnectionStrings:{Resource.Name}."));
}
