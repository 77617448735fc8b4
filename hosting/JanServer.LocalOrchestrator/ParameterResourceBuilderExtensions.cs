using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;

namespace Aspire.Hosting;

/// <summary>Values that whoever runs the system may supply, at configuration key <c>Parameters:name</c>.</summary>
public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        Add(builder, name, null, secret, persist: false);

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        var parameter = Add(builder, name, new ConstantParameterDefault(value), secret, persist: false);
        parameter.Resource.Default = publishValueAsDefault ? new ConstantParameterDefault(value) : null;
        return parameter;
    }

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        Add(builder, name, value, secret, persist);

    public static IResourceBuilder<ParameterResource> WithDescription(
        this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        builder.Resource.Description = description;
        builder.Resource.DescriptionIsMarkdown = enableMarkdown;
        return builder;
    }

    /// <summary>
    /// A password that a resource makes for itself when none is given; no resource of its own until something refers to it.
    /// </summary>
    internal static ParameterResource CreatePassword(IDistributedApplicationBuilder builder, string name, bool special = true) =>
        Create(builder, name, new GenerateParameterDefault { Special = special }, secret: true, persist: true);

    private static IResourceBuilder<ParameterResource> Add(
        IDistributedApplicationBuilder builder, string name, ParameterDefault? fallback, bool secret, bool persist) =>
        builder.AddResource(Create(builder, name, fallback, secret, persist));

    private static ParameterResource Create(
        IDistributedApplicationBuilder builder, string name, ParameterDefault? fallback, bool secret, bool persist) =>
        new(name, _ => ((ResourceCollection)builder.Resources).Parameters.Resolve(name, fallback, persist), secret) { Default = fallback };
}
