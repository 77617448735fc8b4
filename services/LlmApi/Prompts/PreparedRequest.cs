using JanServer.LlmApi.Context;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Prompts;

/// <summary>A request that is ready to go to a model.</summary>
/// <param name="Edits">How its body changes on the way, in order.</param>
internal sealed record PreparedRequest(IReadOnlyList<Edit> Edits)
{
    public const string AppliedHeader = "X-Applied-Prompt-Modules";
    public const string FailedHeader = "X-Failed-Prompt-Modules";

    /// <summary>The modules that added to the system message, in their order in it.</summary>
    public IReadOnlyList<string> AppliedModules { get; init; } = [];

    /// <summary>The modules that should have, and could not: a template or a service failed.</summary>
    public IReadOnlyList<string> FailedModules { get; init; } = [];

    /// <summary>What was taken from the messages so that they fit; null when nothing was.</summary>
    public TrimReport? Trimmed { get; init; }

    /// <summary>Tells the client what was done to its request.</summary>
    public void AddTo(IHeaderDictionary headers)
    {
        if (AppliedModules.Count > 0)
        {
            headers[AppliedHeader] = string.Join(',', AppliedModules);
        }

        if (FailedModules.Count > 0)
        {
            headers[FailedHeader] = string.Join(',', FailedModules);
        }

        if (Trimmed is not null)
        {
            headers[TrimReport.HeaderName] = Trimmed.ToString();
        }
    }
}
