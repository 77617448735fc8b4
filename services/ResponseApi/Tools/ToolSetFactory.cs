using System.Text.Json;
using JanServer.ResponseApi.RemoteServers;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tools.Client;
using JanServer.ResponseApi.Tools.Hosted;
using JanServer.ResponseApi.Tools.Mcp;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Tools;

/// <summary>Reads the <c>tools</c> of a request and makes what the model is offered of them.</summary>
internal sealed class ToolSetFactory(
    HostedTools hosted, MadeImages images, RemoteServerFactory remote, IOptions<ToolsOptions> options, IOptions<RemoteServerOptions> remoteOptions)
    : IToolSetFactory
{
    private const string Tools = "tools";
    private const int MaxTools = 128;

    public async ValueTask<(ToolSet? Tools, ApiError? Error)> CreateAsync(Response response, CancellationToken ct)
    {
        var (declarations, error) = Read(response.Request.Body);
        if (declarations is null)
        {
            return (null, error);
        }

        var set = new ToolSetBuilder(response, hosted, images, remote);
        var isDone = false;
        try
        {
            var (tools, refused) = await BuildAsync(set, declarations, ct);
            isDone = tools is not null;
            return (tools, refused);
        }
        finally
        {
            if (!isDone)
            {
                await set.Servers.DisposeAsync();
            }
        }
    }

    /// <summary>Checks the form of a request's tools, without asking anybody for them.</summary>
    public ApiError? Check(JsonElement body) => Read(body).Error;

    private static async ValueTask<(ToolSet? Tools, ApiError? Error)> BuildAsync(
        ToolSetBuilder set, IReadOnlyList<IToolDeclaration> declarations, CancellationToken ct)
    {
        foreach (var server in declarations.OfType<McpDeclaration>())
        {
            server.Ask(set, ct);
        }

        // The client's functions keep their names: whatever else has one of them gets another.
        foreach (var declaration in declarations.OrderBy(one => one is ClientToolDeclaration ? 0 : 1))
        {
            if (await declaration.AddToAsync(set, ct) is { } error)
            {
                return (null, error);
            }
        }

        var (approved, wrong) = McpApprovals.Read(set);
        if (approved is null)
        {
            return (null, wrong);
        }

        var (choice, unknown) = ToolChoices.Resolve(set, set.Response.Request.ToolChoice);
        return choice is null ? (null, unknown) : (set.Build(approved, choice), null);
    }

    private (IReadOnlyList<IToolDeclaration>? Declarations, ApiError? Error) Read(JsonElement body)
    {
        var request = new FieldReader(body);
        if (!request.Has(Tools))
        {
            return (options.Value.DefaultFromMcpTools ? [new Everything()] : [], request.Error);
        }

        var declarations = new List<IToolDeclaration>();
        foreach (var element in request.Array(Tools, MaxTools))
        {
            var tool = request.Element(element);
            if (tool.NeedText("type", most: 64) is { Length: > 0 } type && Read(type, element.Path, tool) is { } declaration)
            {
                declarations.Add(declaration);
            }
        }

        if (declarations.OfType<McpDeclaration>().Count(one => one.Address is not null) > remoteOptions.Value.MaxServers)
        {
            request.Fail(Tools, $"At most {remoteOptions.Value.MaxServers} may have a 'server_url'.");
        }

        return request.Error is { } error ? (null, error) : (declarations, null);
    }

    private IToolDeclaration? Read(string type, string path, FieldReader tool)
    {
        switch (type)
        {
            case ClientToolDeclaration.FunctionType or ClientToolDeclaration.CustomType:
                return ClientToolDeclaration.Read(type, tool);
            case FileSearch.Type:
                return FileSearch.Read(tool);
            case CodeInterpreter.Type:
                return CodeInterpreter.Read(tool);
            case ImageGeneration.Type:
                return ImageGeneration.Read(tool);
            case McpDeclaration.Type:
                return McpDeclaration.Read(path, tool, remoteOptions.Value);
            case Memory.Type:
                return new Memory();
        }

        if (WebSearch.Types.Contains(type, StringComparer.Ordinal))
        {
            return WebSearch.Read(type, tool);
        }

        tool.Fail("type", $"This server has no tool of type '{type}'. There are function, custom, web_search, file_search, code_interpreter, image_generation, mcp and memory.");
        return null;
    }
}
