using System.Runtime.CompilerServices;
using JanServer.Data.Connections;
using JanServer.McpTools.Calls;
using JanServer.McpTools.Settings;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tools;

/// <summary>All tools of this server: what a caller may see and call, as administrators have set it.</summary>
internal sealed partial class ToolCatalogue(
    IEnumerable<ITool> builtIn,
    IEnumerable<IToolSource> sources,
    SettingsCache settings,
    ArgumentRules rules,
    ToolRunner runner,
    IdempotentCalls idempotent,
    KeywordFilters filters,
    IOptions<ToolOptions> options,
    ILogger<ToolCatalogue> logger)
{
    private readonly SortedDictionary<string, ITool> _builtIn = new(builtIn.ToDictionary(tool => tool.Definition.Name), StringComparer.Ordinal);

    // The definition with another description; as long as the definition lives.
    private readonly ConditionalWeakTable<Tool, Tool> _described = [];

    /// <summary>What <c>tools/list</c> shows the caller, by name: no tool that is switched off or, unless told, cannot work.</summary>
    public async ValueTask<IReadOnlyList<Tool>> ListAsync(Caller caller, CancellationToken ct)
    {
        var tools = new List<ITool>(_builtIn.Values);
        foreach (var source in sources)
        {
            try
            {
                tools.AddRange(await source.ListAsync(caller, ct));
            }
            catch (Exception e) when (DatabaseFailure.IsOutage(e))
            {
                // Some tools are better than none.
                Log.NotListed(logger, source.GetType().Name, e.GetType().Name);
            }
        }

        var active = await settings.GetAsync(ct);
        return
        [
            .. tools
                .Where(tool => !active.IsOff(tool.Definition.Name) && (tool.Unavailable is null || !options.Value.HideUnavailable))
                .Select(tool => Describe(tool.Definition, active.DescriptionOf(tool.Definition.Name)))
                .OrderBy(tool => tool.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The tool as <see cref="ListAsync"/> shows it, or null when the caller has none of that name.</summary>
    public async ValueTask<Tool?> FindDefinitionAsync(Caller caller, string name, CancellationToken ct) =>
        await FindAsync(caller, name, ct) is { } tool
            ? Describe(tool.Definition, (await settings.GetAsync(ct)).DescriptionOf(name))
            : null;

    /// <summary>Calls a tool. One that is switched off or cannot work says so as a result, which the model reads.</summary>
    /// <exception cref="McpProtocolException">There is no such tool, or its arguments do not satisfy its schema (-32602).</exception>
    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        var tool = await FindAsync(call.Caller, call.Name, ct)
            ?? throw new McpProtocolException($"Unknown tool: '{call.Name}'.", McpErrorCode.InvalidParams);
        var active = await settings.GetAsync(ct);
        call = ToolArguments.Separate(call, tool.Definition.InputSchema);
        if (Refusal(tool, call, active) is { } refusal)
        {
            return (await runner.RefuseAsync(tool, call, refusal)).Result;
        }

        try
        {
            rules.Check(tool.Definition, call.Arguments);
        }
        catch (McpProtocolException e)
        {
            await runner.RefuseAsync(tool, call, CallOutcome.Refused(CallFailure.Arguments, e.Message));
            throw;
        }

        return call.IdempotencyKey is null
            ? (await runner.RunAsync(tool, call, active, ct)).Result
            : await CallOnceAsync(tool, call, active, ct);
    }

    private async Task<CallToolResult> CallOnceAsync(ITool tool, ToolCall call, ActiveSettings active, CancellationToken ct)
    {
        try
        {
            var outcome = await idempotent.RunAsync(tool, call, (call, stop) => runner.RunAsync(tool, call, active, stop), ct);

            // A result that was kept may hold what has been disallowed since.
            return filters.Of(active, call.Name).Apply(outcome.Result);
        }
        catch (Exception e) when (DatabaseFailure.IsOutage(e))
        {
            return (await runner.RefuseAsync(tool, call, CallOutcome.Refused(
                CallFailure.Unreachable,
                $"The tool '{call.Name}' was not called: its idempotency key cannot be looked up, because the database is away. Try again later."))).Result;
        }
    }

    private static CallOutcome? Refusal(ITool tool, ToolCall call, ActiveSettings active) =>
        active.IsOff(call.Name) ? CallOutcome.Refused(
            CallFailure.SwitchedOff, $"The tool '{call.Name}' cannot be used: an administrator has switched it off.")
        : tool.Unavailable is { } reason ? CallOutcome.Refused(CallFailure.Unavailable, $"The tool '{call.Name}' cannot be used: {reason}")
        : null;

    private Tool Describe(Tool tool, string? description)
    {
        if (description is null || description == tool.Description)
        {
            return tool;
        }

        if (_described.TryGetValue(tool, out var known) && known.Description == description)
        {
            return known;
        }

        var described = new Tool
        {
            Name = tool.Name,
            Title = tool.Title,
            Description = description,
            InputSchema = tool.InputSchema,
            OutputSchema = tool.OutputSchema,
            Annotations = tool.Annotations,
            Icons = tool.Icons,
            Meta = tool.Meta,
        };
        _described.AddOrUpdate(tool, described);
        return described;
    }

    private async ValueTask<ITool?> FindAsync(Caller caller, string name, CancellationToken ct)
    {
        if (_builtIn.TryGetValue(name, out var tool))
        {
            return tool;
        }

        Exception? outage = null;
        foreach (var source in sources)
        {
            try
            {
                if (await source.FindAsync(caller, name, ct) is { } found)
                {
                    return found;
                }
            }
            catch (Exception e) when (DatabaseFailure.IsOutage(e))
            {
                outage = e;
            }
        }

        return outage is null ? null : throw new McpProtocolException(
            $"The tool '{name}' cannot be looked up, because the database is away. Try again later.", outage, McpErrorCode.InternalError);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A list of tools is without those of {Source}: {Failure}")]
        public static partial void NotListed(ILogger logger, string source, string failure);
    }
}
