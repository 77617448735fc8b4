using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.RemoteServers;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tools;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ResponseApi.Tests.Tools;

/// <summary>The tools of the service, wired as in production, without the rest of it.</summary>
internal sealed class ToolHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ToolHost(WebApplication app) => _app = app;

    public Caller Caller { get; } = TestCallers.User();

    public ToolSetFactory Factory => _app.Services.GetRequiredService<ToolSetFactory>();

    public static ToolHost For(FakeMcpTools? tools, params IEnumerable<(string Key, string Value)> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["CallerToken:Key"] = TestCallers.Key,
                ["services:mcp-tools:http:0"] = tools?.Address.ToString() ?? "http://127.0.0.1:1/",
                ["services:media-api:http:0"] = tools?.Address.ToString() ?? "http://127.0.0.1:1/",
            }.Concat(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))));
        builder.AddServiceDefaults();
        builder.Services.AddRemoteServers().AddTools();
        return new(builder.Build());
    }

    /// <summary>A response to a request with these members.</summary>
    public Response Ask(string members, IReadOnlyList<string>? context = null, IReadOnlyList<string>? input = null, RunProgress? progress = null, bool background = false) => new()
    {
        Id = Id<Response>.New(TimeProvider.System),
        Caller = Caller,
        Request = RequestOf(Json($$"""{"model":"jan-demo","input":"hi","background":{{(background ? "true" : "false")}},{{members}}}""")),
        Context = [.. (context ?? []).Select(item => new ContextItem(Json(item)))],
        Input = [.. (input ?? []).Select(item => new ContextItem(Json(item)))],
        ConversationId = "conv_1",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Progress = progress ?? new(),
    };

    /// <summary>The tools of a response, which must be fit.</summary>
    public async Task<ToolSet> ToolsAsync(Response response)
    {
        var (tools, error) = await Factory.CreateAsync(response, CancellationToken.None);
        Assert.True(error is null, $"{error?.Param}: {error?.Message}");
        return tools!;
    }

    public Task<ToolSet> ToolsAsync(string members) => ToolsAsync(Ask(members));

    /// <summary>Why the tools of a request are refused.</summary>
    public async Task<ApiError> RefusedAsync(Response response)
    {
        var (tools, error) = await Factory.CreateAsync(response, CancellationToken.None);
        Assert.Null(tools);
        return error!;
    }

    public static JsonElement Json(string text) => JsonElement.Parse(text);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // Tools of a wrong form are for the factory to refuse, whatever the reader of requests thinks of them.
    private static ResponseRequest RequestOf(JsonElement body) => RequestReader.Read(body).Request ?? new() { Body = body, Model = "jan-demo" };
}

/// <summary>What a binding showed.</summary>
internal sealed class ShownItem : IItemOutput
{
    private readonly List<string> _events = [];

    public JsonElement Added { get; private set; }

    /// <summary>The types of the events, with <c>added</c> first.</summary>
    public IReadOnlyList<string> Events => _events;

    public Dictionary<string, JsonElement> Fields { get; } = new(StringComparer.Ordinal);

    public ValueTask AddAsync(JsonElement item, CancellationToken ct)
    {
        Assert.Empty(_events);
        Added = item;
        _events.Add("added");
        return ValueTask.CompletedTask;
    }

    public ValueTask EmitAsync(string type, Action<Utf8JsonWriter>? fields, CancellationToken ct)
    {
        Assert.NotEmpty(_events);
        _events.Add(type.Replace("response.", "", StringComparison.Ordinal));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            fields?.Invoke(json);
            json.WriteEndObject();
        }

        Fields[_events[^1]] = JsonElement.Parse(buffer.ToArray());
        return ValueTask.CompletedTask;
    }
}

internal static class ToolCalls
{
    /// <summary>Runs a call as the loop does.</summary>
    public static async Task<(ToolOutcome Outcome, ShownItem Shown)> CallAsync(
        this ToolSet tools, Response response, string function, string arguments, string callId = "call_1", string? approval = null, CancellationToken ct = default)
    {
        var shown = new ShownItem();
        var binding = tools.Bindings[function];
        var invocation = new ToolInvocation(response, callId, function, arguments, binding.NeedsApproval && approval is null ? "mcpr_1" : $"{binding.ItemIdPrefix}_1") { ApprovalRequestId = approval };
        return (await binding.RunAsync(invocation, shown, ct), shown);
    }

    public static string? Text(this JsonElement json, string name) => json.GetProperty(name).GetString();
}
