using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.McpTools;

/// <summary>The queries over tools. There are as many as the program has; nobody can add one.</summary>
internal sealed class McpToolStore(LlmContext db)
{
    private const int MaxTools = 1000;

    public Task<List<McpTool>> ListActiveAsync(CancellationToken ct) => ListAsync(new McpToolFilter { IsActive = true }, ct);

    public Task<McpTool?> FindActiveAsync(string key, CancellationToken ct) =>
        db.McpTools.SingleOrDefaultAsync(tool => tool.ToolKey == key && tool.IsActive, ct);

    public async Task<List<McpTool>> ListAsync(McpToolFilter filter, CancellationToken ct)
    {
        IQueryable<McpTool> tools = db.McpTools;
        if (filter.Category is { Length: > 0 } category)
        {
            tools = tools.Where(tool => tool.Category == category);
        }

        if (filter.IsActive is { } active)
        {
            tools = tools.Where(tool => tool.IsActive == active);
        }

        var rows = await tools.OrderBy(tool => tool.Name).ThenBy(tool => tool.ToolKey).Take(MaxTools).ToListAsync(ct);
        return filter.Search is { Length: > 0 } search ? rows.FindAll(tool => Holds(tool, search)) : rows;
    }

    public Task<McpTool?> FindAsync(string publicId, CancellationToken ct) =>
        db.McpTools.SingleOrDefaultAsync(tool => tool.PublicId == publicId, ct);

    /// <summary>Changes a tool.</summary>
    /// <returns>How many rows changed.</returns>
    public Task<int> UpdateAsync(string publicId, McpToolChange change, Id<UserRef> by, DateTimeOffset now, CancellationToken ct) =>
        db.McpTools.Where(tool => tool.PublicId == publicId).ExecuteUpdateAsync(
            set =>
            {
                set.SetProperty(tool => tool.UpdatedAt, now);
                set.SetProperty(tool => tool.UpdatedBy, by);
                if (change.Description is { } description)
                {
                    set.SetProperty(tool => tool.IsDescribed, tool => tool.IsDescribed || tool.Description != description);
                    set.SetProperty(tool => tool.Description, description);
                }

                if (change.Category is { } category)
                {
                    set.SetProperty(tool => tool.Category, category);
                }

                if (change.IsActive is { } active)
                {
                    set.SetProperty(tool => tool.IsActive, active);
                }

                if (change.HasMetadata)
                {
                    set.SetProperty(tool => tool.Metadata, change.Metadata);
                }

                if (change.DisallowedKeywords is { } keywords)
                {
                    set.SetProperty(tool => tool.DisallowedKeywords, keywords);
                }
            },
            ct);

    private static bool Holds(McpTool tool, string text) =>
        tool.ToolKey.Contains(text, StringComparison.OrdinalIgnoreCase)
        || tool.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
        || tool.Description.Contains(text, StringComparison.OrdinalIgnoreCase);
}
