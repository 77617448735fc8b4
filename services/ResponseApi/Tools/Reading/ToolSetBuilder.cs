using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.RemoteServers;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tools.Hosted;
using JanServer.ResponseApi.Tools.Mcp;

namespace JanServer.ResponseApi.Tools.Reading;

/// <summary>Gathers the functions of one response. Names are unique; the same request gets the same names on every replica.</summary>
internal sealed class ToolSetBuilder(Response response, HostedTools hosted, MadeImages images, RemoteServerFactory remote)
{
    private readonly Dictionary<string, IToolBinding> _bindings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _chosenBy = new(StringComparer.Ordinal);
    private readonly HashSet<string> _labels = new(StringComparer.Ordinal);
    private readonly HashSet<string> _outOfReach = new(StringComparer.Ordinal);
    private readonly List<JsonElement> _opening = [];
    private readonly List<string> _notices = [];
    private readonly HashSet<string> _interrupted =
        [.. response.Progress.Executions.Where(execution => execution.Status == ToolStatus.InProgress).Select(execution => execution.CallId)];

    private Task<(IReadOnlyList<McpTool>? Tools, McpFailure? Failure)>? _listed;

    public Response Response => response;

    public HostedTools Hosted => hosted;

    public IReadOnlyDictionary<string, IToolBinding> Bindings => _bindings;

    public MadeImages Images => images;

    public RemoteServerFactory Remote => remote;

    /// <summary>The MCP servers that the request names, to be closed with the response.</summary>
    public McpServers Servers { get; } = new();

    /// <summary>Whether the request's <c>include</c> has the value.</summary>
    public bool Includes(string what) => response.Request.Include.Contains(what);

    public bool IsTaken(string name) => _bindings.ContainsKey(name);

    /// <summary>The name, or one made of it, that no function has yet.</summary>
    public string NameFor(string wanted) => FunctionNames.Unique(wanted, IsTaken);

    /// <param name="binding">Its name is not taken.</param>
    /// <param name="choices">What <c>tool_choice</c> may call it: <see cref="ToolNames"/>.</param>
    public void Add(IToolBinding binding, params ReadOnlySpan<string> choices)
    {
        _bindings.Add(binding.Function.Name, binding);
        foreach (var choice in choices)
        {
            if (!_chosenBy.TryGetValue(choice, out var names))
            {
                _chosenBy[choice] = names = [];
            }

            names.Add(binding.Function.Name);
        }
    }

    /// <summary>The functions that a tool of <c>tool_choice</c> means.</summary>
    public IReadOnlyList<string> Named(ToolSelector selector) =>
        _chosenBy.GetValueOrDefault(ToolNames.Key(selector.Type, selector.Name, selector.ServerLabel)) ?? [];

    /// <summary>Whether the request names an MCP server of that label, whose tools could not be listed.</summary>
    public bool IsOutOfReach(ToolSelector selector) => selector.ServerLabel is { } label && _outOfReach.Contains(label);

    /// <summary>Whether the request has a server of that label already; it has from now on.</summary>
    public bool IsTakenLabel(string label) => !_labels.Add(label);

    public void OutOfReach(string label) => _outOfReach.Add(label);

    /// <summary>Whether an earlier attempt at this response had begun the call and not finished it.</summary>
    public bool WasInterrupted(string callId) => _interrupted.Contains(callId);

    public ToolSet Build(IReadOnlyList<ApprovedCall> approved, ToolChoice choice) =>
        new(_bindings, _opening) { Approved = approved, Choice = choice, Notices = _notices, Connections = Servers };

    public void Show(JsonElement item) => _opening.Add(item);

    public void Notice(string text) => _notices.Add(text);

    /// <summary>What mcp-tools lists for the caller; asked once.</summary>
    public Task<(IReadOnlyList<McpTool>? Tools, McpFailure? Failure)> ListHostedAsync(CancellationToken ct) =>
        _listed ??= hosted.ListAsync(response.Caller, ct).AsTask();

    /// <summary>
    /// The tool as mcp-tools lists it, or, with a notice for the model, as it is known to be: a call of it then says why it cannot work.
    /// </summary>
    public async ValueTask<McpTool> HostedAsync(string name, string askedAs, McpTool known, CancellationToken ct)
    {
        var (tools, failure) = await ListHostedAsync(ct);
        if (tools?.FirstOrDefault(tool => tool.Name == name) is { } listed)
        {
            return listed;
        }

        Notice(failure is null
            ? $"The tool {name} ({askedAs}) is not available on this server. If the request needs it, call it once to learn why, and tell the user; never pretend to have used it."
            : $"The tool {name} ({askedAs}) may not work: {failure.Message} If a call of it fails, tell the user why; never pretend to have used it.");
        return known;
    }
}
