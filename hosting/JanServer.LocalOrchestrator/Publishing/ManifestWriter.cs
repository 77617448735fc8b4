using System.Text.Encodings.Web;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;

namespace Aspire.Hosting.Publishing;

/// <summary>One manifest: the resources in model order, then those that only others refer to, then URI-encoded parameters.</summary>
internal sealed class ManifestWriter(Stream stream, DistributedApplicationExecutionContext execution, string folder) : IAsyncDisposable
{
    private readonly Utf8JsonWriter _json = new(stream, new JsonWriterOptions
    {
        Indented = true,
        NewLine = "\n",

        // The manifest is a file for tools, not part of a page; quotes and ampersands stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private readonly OrderedDictionary<string, IResource> _referenced = new(StringComparer.OrdinalIgnoreCase);
    private readonly OrderedDictionary<string, ParameterResource> _uriEncoded = new(StringComparer.OrdinalIgnoreCase);

    public ValueTask DisposeAsync() => _json.DisposeAsync();

    public async Task WriteAsync(IEnumerable<IResource> resources, CancellationToken ct)
    {
        var model = resources.Where(r => !r.Annotations.OfType<ManifestExclusion>().Any()).ToArray();
        var written = new HashSet<string>(model.Select(r => r.Name), StringComparer.OrdinalIgnoreCase);
        _json.WriteStartObject();
        _json.WriteString("$schema", "https://json.schemastore.org/aspire-8.0.json");
        _json.WriteStartObject("resources");
        foreach (var resource in model)
        {
            await WriteAsync(resource, ct);
        }

        // Writing one may reveal more.
        for (var i = 0; i < _referenced.Count; i++)
        {
            var (name, resource) = _referenced.GetAt(i);
            if (written.Add(name))
            {
                await WriteAsync(resource, ct);
            }
        }

        foreach (var (name, parameter) in _uriEncoded)
        {
            _json.WriteStartObject(name + "-uri-encoded");
            _json.WriteString("type", "annotated.string");
            _json.WriteString("value", parameter.ValueExpression);
            _json.WriteString("filter", "uri");
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        await _json.FlushAsync(ct);
    }

    private async Task WriteAsync(IResource resource, CancellationToken ct)
    {
        _json.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ParameterResource parameter:
                WriteParameter(parameter);
                break;
            case ProjectResource:
                await WriteProjectAsync(resource, ct);
                break;
            case ContainerResource container:
                await WriteContainerAsync(container, ct);
                break;
            case IResourceWithConnectionString value:
                _json.WriteString("type", "value.v0");
                WriteConnectionString(value);
                break;
            default:
                throw new DistributedApplicationException(
                    $"'{resource.Name}' cannot be published: deployment tools do not know executables. Use ExcludeFromManifest.");
        }

        _json.WriteEndObject();
    }

    private void WriteParameter(ParameterResource parameter)
    {
        _json.WriteString("type", "parameter.v0");
        _json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        _json.WriteStartObject("inputs");
        _json.WriteStartObject("value");
        _json.WriteString("type", "string");
        if (parameter.Secret)
        {
            _json.WriteBoolean("secret", true);
        }

        if (parameter.Default is { } fallback)
        {
            _json.WriteStartObject("default");
            ParameterDefaultJson.Write(_json, fallback);
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private async Task WriteProjectAsync(IResource project, CancellationToken ct)
    {
        _json.WriteString("type", "project.v0");
        _json.WriteString("path", Relative(project.Annotations.OfType<IProjectMetadata>().Single().ProjectPath));
        WriteArguments(project);
        await WriteEnvironmentAsync(project, ct);
        WriteBindings(project);
    }

    private async Task WriteContainerAsync(ContainerResource container, CancellationToken ct)
    {
        var build = container.Annotations.OfType<DockerfileAnnotation>().LastOrDefault();
        _json.WriteString("type", build is null ? "container.v0" : "container.v1");
        if (container is IResourceWithConnectionString connection)
        {
            WriteConnectionString(connection);
        }

        if (build is null)
        {
            _json.WriteString("image", container.Annotations.OfType<ImageAnnotation>().Single().FullName);
        }
        else
        {
            _json.WriteStartObject("build");
            _json.WriteString("context", Relative(build.ContextPath));
            _json.WriteString("dockerfile", Relative(build.DockerfilePath));
            if (build.Stage is not null)
            {
                _json.WriteString("stage", build.Stage);
            }

            _json.WriteEndObject();
        }

        if (container.Entrypoint is not null)
        {
            _json.WriteString("entrypoint", container.Entrypoint);
        }

        WriteArguments(container);
        WriteMounts(container);
        await WriteEnvironmentAsync(container, ct);
        WriteBindings(container);
    }

    private void WriteConnectionString(IResourceWithConnectionString resource) =>
        _json.WriteString("connectionString", Expression(resource.ConnectionStringExpression));

    private void WriteArguments(IResource resource)
    {
        var arguments = resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(a => a.Values).ToArray();
        if (arguments.Length == 0)
        {
            return;
        }

        _json.WriteStartArray("args");
        foreach (var argument in arguments)
        {
            _json.WriteStringValue(Expression(argument));
        }

        _json.WriteEndArray();
    }

    private void WriteMounts(ContainerResource resource)
    {
        foreach (var group in resource.Annotations.OfType<MountAnnotation>().GroupBy(m => m.IsVolume).OrderBy(g => g.Key))
        {
            _json.WriteStartArray(group.Key ? "volumes" : "bindMounts");
            foreach (var mount in group)
            {
                _json.WriteStartObject();
                if (mount.Source is not null)
                {
                    _json.WriteString(group.Key ? "name" : "source", group.Key ? mount.Source : Relative(mount.Source));
                }

                _json.WriteString("target", mount.Target);
                _json.WriteBoolean("readOnly", mount.IsReadOnly);
                _json.WriteEndObject();
            }

            _json.WriteEndArray();
        }
    }

    private async Task WriteEnvironmentAsync(IResource resource, CancellationToken ct)
    {
        var context = new EnvironmentCallbackContext(execution, cancellationToken: ct);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentAnnotation>())
        {
            await annotation.Apply(context);
        }

        if (context.EnvironmentVariables.Count == 0)
        {
            return;
        }

        _json.WriteStartObject("env");
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            _json.WriteString(name, Expression(value));
        }

        _json.WriteEndObject();
    }

    private void WriteBindings(IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
        if (endpoints.Length == 0)
        {
            return;
        }

        _json.WriteStartObject("bindings");
        foreach (var endpoint in endpoints)
        {
            _json.WriteStartObject(endpoint.Name);
            _json.WriteString("scheme", endpoint.UriScheme);
            _json.WriteString("protocol", endpoint.Protocol == System.Net.Sockets.ProtocolType.Udp ? "udp" : "tcp");
            _json.WriteString("transport", endpoint.Transport);
            if (endpoint.Port is { } port && port != endpoint.TargetPort)
            {
                _json.WriteNumber("port", port);
            }

            if (endpoint.TargetPort is { } targetPort)
            {
                _json.WriteNumber("targetPort", targetPort);
            }

            if (endpoint.IsExternal)
            {
                _json.WriteBoolean("external", true);
            }

            _json.WriteEndObject();
        }

        _json.WriteEndObject();
    }

    private string Expression(object value)
    {
        Note(value);
        return value switch
        {
            string text => text,
            IManifestExpressionProvider provider => provider.ValueExpression,
            _ => throw new InvalidOperationException($"A value of type {value.GetType().Name} cannot be published."),
        };
    }

    /// <summary>Remembers what the value refers to.</summary>
    private void Note(object value)
    {
        if (value is IResource resource && _referenced.TryAdd(resource.Name, resource) == false)
        {
            return;
        }

        if (value is ReferenceExpression expression)
        {
            foreach (var parameter in expression.UriEncoded.OfType<ParameterResource>())
            {
                _uriEncoded.TryAdd(parameter.Name, parameter);
            }
        }

        if (value is IValueWithReferences references)
        {
            foreach (var reference in references.References)
            {
                Note(reference);
            }
        }
    }

    private string Relative(string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
