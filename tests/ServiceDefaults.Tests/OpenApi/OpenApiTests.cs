using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.OpenApi;

public sealed class OpenApiTests : IAsyncLifetime
{
    private TestHost _host = null!;
    private JsonElement _document;

    public async Task InitializeAsync()
    {
        _host = await TestHost.StartAsync(
            builder =>
            {
                builder.AddCallerAuthentication();
                builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, WidgetJson.Default));
            },
            app =>
            {
                app.MapGet("/v1/widgets/{id}", (Id<UserRef> id, Caller caller, int? depth) =>
                    caller.Has("x") ? (Results<Ok<Widget>, ApiError>)TypedResults.Ok(new Widget(id, depth ?? 0)) : ApiError.NotFound("widget"));
                app.MapGet("/v1/widgets", ([AsParameters] PageQuery page) => TypedResults.Ok(new Widget(Id<UserRef>.None, page.Take)));
                app.MapPost("/v1/widgets", (CreateWidget widget) => TypedResults.Ok(new Widget(Id<UserRef>.None, widget.SizeBytes))).AllowAnonymous();
            },
            [("CallerToken:Key", new string('k', 40)), ("OTEL_SERVICE_NAME", "widgets")]);
        using var document = JsonDocument.Parse(await _host.Client.GetStringAsync("/openapi/v1.json"));
        _document = document.RootElement.Clone();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public void The_document_names_the_service_and_no_address()
    {
        Assert.Equal("widgets", _document.GetProperty("info").GetProperty("title").GetString());
        Assert.True(!_document.TryGetProperty("servers", out var servers) || servers.GetArrayLength() == 0);
    }

    [Fact]
    public void Every_operation_describes_the_error_envelope()
    {
        foreach (var operation in Operations())
        {
            var content = operation.GetProperty("responses").GetProperty("default").GetProperty("content");
            var schema = content.GetProperty("application/json").GetProperty("schema");
            Assert.Equal("#/components/schemas/ErrorBody", schema.GetProperty("$ref").GetString());
        }

        var body = _document.GetProperty("components").GetProperty("schemas").GetProperty("ErrorBody").GetProperty("properties");
        Assert.True(body.TryGetProperty("error", out _));
        Assert.True(body.TryGetProperty("request_id", out _));
    }

    [Fact]
    public void An_operation_says_whether_it_takes_a_credential()
    {
        var schemes = _document.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal("bearer", schemes.GetProperty("bearer").GetProperty("scheme").GetString());
        Assert.True(Operation("/v1/widgets/{id}", "get").GetProperty("security")[0].TryGetProperty("bearer", out _));
        Assert.False(Operation("/v1/widgets", "post").TryGetProperty("security", out _));
    }

    [Fact]
    public void Parameters_and_bodies_have_their_wire_names_and_types()
    {
        var parameters = Operation("/v1/widgets/{id}", "get").GetProperty("parameters").EnumerateArray()
            .ToDictionary(parameter => parameter.GetProperty("name").GetString()!, parameter => parameter.GetProperty("schema"));
        Assert.Equal(["depth", "id"], parameters.Keys.Order());
        Assert.Equal("string", parameters["id"].GetProperty("type").GetString());
        var schemas = _document.GetProperty("components").GetProperty("schemas");
        var properties = schemas.GetProperty("CreateWidget").GetProperty("properties");
        Assert.Equal(4096, properties.GetProperty("size_bytes").GetProperty("maximum").GetInt32());
    }

    [Fact]
    public void Probes_and_the_document_are_not_part_of_it() =>
        Assert.Equal(["/v1/widgets", "/v1/widgets/{id}"], _document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order());

    private JsonElement Operation(string path, string method) => _document.GetProperty("paths").GetProperty(path).GetProperty(method);

    private IEnumerable<JsonElement> Operations() =>
        _document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value);
}

public sealed record Widget(Id<UserRef> Id, int Size);

public sealed record CreateWidget([property: Range(1, 4096)] int SizeBytes);

[JsonSerializable(typeof(Widget))]
[JsonSerializable(typeof(CreateWidget))]
internal sealed partial class WidgetJson : JsonSerializerContext;
