using System.Collections.ObjectModel;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

internal sealed class ResourceCollection : Collection<IResource>, IResourceCollection;
