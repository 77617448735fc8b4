namespace Aspire.Hosting.ApplicationModel;

public class ParameterResource : Resource, IResourceWithWaitSupport, IManifestExpressionProvider, IValueProvider
{
    private readonly Func<ParameterDefault?, string> _callback;

    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : base(name)
    {
        _callback = callback;
        Secret = secret;
    }

    public ParameterDefault? Default { get; set; }

    public bool Secret { get; }

    public bool IsConnectionString { get; set; }

    public string ValueExpression => IsConnectionString ? $"{{{Name}.connectionString}}" : $"{{{Name}.value}}";

    /// <summary>The description shown to whoever has to supply the value.</summary>
    internal string? Description { get; set; }

    internal bool DescriptionIsMarkdown { get; set; }

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<string?>(cancellationToken) : new(_callback(Default));
}
