using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

public abstract class Resource(string name) : IResource
{
    public virtual string Name { get; } = name;

    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

public interface IResourceCollection : IList<IResource>;
