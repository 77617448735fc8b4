using System.Collections.ObjectModel;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>
/// The model, with where its parameters get their values: whoever has the one has the other, also through a wrapped builder.
/// </summary>
internal sealed class ResourceCollection(ParameterValues parameters) : Collection<IResource>, IResourceCollection
{
    public ParameterValues Parameters => parameters;
}
