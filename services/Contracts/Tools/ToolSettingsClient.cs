using System.Net;
using System.Net.Http.Json;

namespace JanServer.Contracts.Tools;

/// <summary>
/// Asks llm-api, below <c>/internal</c>, how administrators have set the tools. Only a service may, on its own behalf: what is
/// disallowed is no client's to read.
/// </summary>
public sealed class ToolSettingsClient(HttpClient http)
{
    /// <summary>The tools that are switched on; a tool that is absent is switched off or unknown to llm-api.</summary>
    /// <exception cref="HttpRequestException">llm-api could not be reached or failed.</exception>
    public async Task<IReadOnlyList<ToolSettings>> ListAsync(CancellationToken ct)
    {
        using var response = await http.GetAsync(new Uri("internal/mcp-tools", UriKind.Relative), ct).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var list = await response.Content.ReadFromJsonAsync(ToolsJson.Default.ToolSettingsList, ct).ConfigureAwait(false);
        return list?.Data ?? throw new HttpRequestException("llm-api answered with an empty body.");
    }

    /// <summary>One tool, or null when it is switched off or unknown.</summary>
    /// <exception cref="HttpRequestException">llm-api could not be reached or failed.</exception>
    public async Task<ToolSettings?> FindAsync(string key, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        using var response = await http.GetAsync(new Uri($"internal/mcp-tools/{Uri.EscapeDataString(key)}", UriKind.Relative), ct).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(ToolsJson.Default.ToolSettings, ct).ConfigureAwait(false)
            ?? throw new HttpRequestException("llm-api answered with an empty body.");
    }
}
