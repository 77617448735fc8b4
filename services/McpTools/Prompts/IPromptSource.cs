using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Prompts;

/// <summary>Gives prompts that a person picks in a client. Several sources add up; see <see cref="PromptCatalogue"/>.</summary>
internal interface IPromptSource
{
    /// <summary>The prompts that the caller may use.</summary>
    ValueTask<IReadOnlyList<Prompt>> ListAsync(Caller caller, CancellationToken ct);

    /// <summary>The prompt with its arguments filled in, or null when this source has none of that name. Required arguments are there.</summary>
    ValueTask<GetPromptResult?> GetAsync(PromptRequest request, CancellationToken ct);

    /// <summary>
    /// Values for an argument that begin like <paramref name="value"/>, best first, or null when this source has no such prompt.
    /// </summary>
    ValueTask<IReadOnlyList<string>?> CompleteAsync(Caller caller, string name, string argument, string value, CancellationToken ct);
}
