using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.McpTools.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Memory;

/// <summary><c>memory_retrieve</c>: what memory-tools remembers of the caller, its project and its conversations.</summary>
internal sealed class MemoryTool(IServiceScopeFactory scopes, IOptions<MemoryOptions> options, TimeProvider clock) : ITool
{
    private const double DefaultSimilarity = 0.75;

    public Tool Definition { get; } = new()
    {
        Name = "memory_retrieve",
        Title = "Recall memories",
        Description = "Finds what is remembered of the user, of the project and of earlier conversations that bears on a question.",
        InputSchema = ToolSchema.Parse(
            """
            {"type":"object","properties":{
              "query":{"type":"string","minLength":1,"maxLength":4000,"description":"What to recall."},
              "project_id":{"type":"string","description":"The project; only the user's current one can be asked."},
              "scopes":{"type":"array","items":{"enum":["core","preference","context","profile","skill"]},"description":"Only memories of the user of these kinds."},
              "max_user_items":{"type":"integer","minimum":1,"maximum":10,"default":3},
              "max_project_items":{"type":"integer","minimum":1,"maximum":10,"default":5},
              "max_episodic_items":{"type":"integer","minimum":1,"maximum":10,"default":3},
              "min_similarity":{"type":"number","minimum":0,"maximum":1,"default":0.75,"description":"How near a memory must be to the query."}},
            "required":["query"],"additionalProperties":false}
            """u8),
        OutputSchema = ToolSchema.Parse(
            """
            {"type":"object","$defs":{"memories":{"type":"array","items":{"type":"object","properties":{
                "id":{"type":"string"},"scope":{"type":"string"},"key":{"type":"string"},"text":{"type":"string"},
                "importance":{"type":"number"},"created_at":{"type":"string"},"updated_at":{"type":"string"},
                "relevance_score":{"type":"number"},"metadata":{"type":"object"}},"required":["id","text"]}}},
            "properties":{
              "query":{"type":"string"},"total_items":{"type":"integer"},"user_memories":{"$ref":"#/$defs/memories"},
              "project_memories":{"$ref":"#/$defs/memories"},"episodic_memories":{"$ref":"#/$defs/memories"},
              "query_time_ms":{"type":"integer"},"estimated_tokens":{"type":"integer"}},
            "required":["query","total_items","user_memories","project_memories","episodic_memories","query_time_ms","estimated_tokens"]}
            """u8),
        Annotations = new() { ReadOnlyHint = true, OpenWorldHint = false },
    };

    public string? Unavailable => options.Value.IsConfigured ? null
        : "there is no memory service. An operator configures one as the service 'memory-tools' or with MEMORY_TOOLS_URL.";

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        var arguments = call.Arguments;
        var caller = call.Caller;
        if (Text(arguments, "project_id") is { Length: > 0 } project && project != caller.ProjectId.ToString())
        {
            return ToolResults.Error("'project_id' is not the project of this call; memories of other projects cannot be asked.");
        }

        var query = Text(arguments, "query")!;
        var load = new LoadMemories(
            caller.UserId.ToString(),
            query,
            caller.ProjectId.ToString(),
            call.ConversationId,
            new(
                (int)(Number(arguments, "max_user_items") ?? 3),
                (int)(Number(arguments, "max_project_items") ?? 5),
                (int)(Number(arguments, "max_episodic_items") ?? 3),
                Number(arguments, "min_similarity") ?? DefaultSimilarity));
        var start = clock.GetTimestamp();
        LoadedMemories found;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            found = await scope.ServiceProvider.GetRequiredService<MemoryClient>().LoadAsync(caller, load, ct);
        }
        catch (HttpRequestException e)
        {
            return ToolResults.Error(e.StatusCode is { } status
                ? string.Create(CultureInfo.InvariantCulture, $"The memory service failed with status {(int)status}; nothing could be recalled.")
                : "The memory service could not be reached; nothing could be recalled.");
        }

        return ToolResults.Of(Answer(load, found, ScopesOf(arguments), clock.GetElapsedTime(start)), MemoryJson.Default.RetrievedMemories);
    }

    /// <summary>No more than was asked, and no relevance for what was not compared with the query.</summary>
    private static RetrievedMemories Answer(LoadMemories load, LoadedMemories found, HashSet<string>? scopes, TimeSpan time)
    {
        var user = (found.CoreMemory ?? [])
            .Where(memory => scopes is null || (memory.Scope is { } scope && scopes.Contains(scope)))
            .Take(load.Options.MaxUserItems)
            .Select(memory => Memory(memory))
            .ToList();
        var project = (found.SemanticMemory ?? []).Take(load.Options.MaxProjectItems).Select(memory => Memory(
            memory, ("kind", memory.Kind), ("title", memory.Title), ("confidence", memory.Confidence), ("source_conversation_id", memory.SourceConversationId)))
            .ToList();
        var episodic = (found.EpisodicMemory ?? []).Take(load.Options.MaxEpisodicItems).Select(memory => Memory(
            memory, ("kind", memory.Kind), ("time", memory.Time), ("conversation_id", memory.ConversationId)))
            .ToList();
        var characters = user.Concat(project).Concat(episodic).Sum(memory => memory.Text.Length);
        return new(
            load.Query, user.Count + project.Count + episodic.Count, user, project, episodic, (int)time.TotalMilliseconds, (characters + 3) / 4);
    }

    private static RetrievedMemory Memory(LoadedMemory memory, params (string Name, object? Value)[] more)
    {
        var metadata = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in more.Append(("match", memory.Match)))
        {
            JsonNode? node = value switch
            {
                string text => JsonValue.Create(text),
                double number => JsonValue.Create(number),
                DateTimeOffset moment => JsonValue.Create(moment),
                _ => null,
            };
            if (node is not null)
            {
                metadata[name] = JsonElement.Parse(node.ToJsonString());
            }
        }

        return new(
            memory.Id,
            memory.Scope,
            memory.Key,
            memory.Text ?? "",
            memory.Score,
            memory.CreatedAt,
            memory.UpdatedAt,
            memory.Match == "fallback" ? null : memory.Similarity,
            metadata.Count > 0 ? metadata : null);
    }

    private static HashSet<string>? ScopesOf(JsonElement arguments) =>
        arguments.TryGetProperty("scopes", out var scopes) && scopes.ValueKind is JsonValueKind.Array && scopes.GetArrayLength() > 0
            ? scopes.EnumerateArray().Select(scope => scope.GetString()!).ToHashSet(StringComparer.Ordinal)
            : null;

    private static string? Text(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetDouble() : null;
}
