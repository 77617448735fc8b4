using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Prompts;

/// <summary>The prompts of all sources.</summary>
internal sealed class PromptCatalogue(IEnumerable<IPromptSource> sources)
{
    /// <summary>What <c>prompts/list</c> shows the caller, by name. Of two prompts of one name the first source's counts.</summary>
    public async ValueTask<IReadOnlyList<Prompt>> ListAsync(Caller caller, CancellationToken ct)
    {
        var prompts = new List<Prompt>();
        foreach (var source in sources)
        {
            prompts.AddRange(await source.ListAsync(caller, ct));
        }

        return [.. prompts.DistinctBy(prompt => prompt.Name).OrderBy(prompt => prompt.Name, StringComparer.Ordinal)];
    }

    /// <summary>Fills in a prompt.</summary>
    /// <exception cref="McpProtocolException">There is no such prompt, or an argument that it needs is missing (-32602).</exception>
    public async ValueTask<GetPromptResult> GetAsync(PromptRequest request, CancellationToken ct)
    {
        foreach (var source in sources)
        {
            var prompt = (await source.ListAsync(request.Caller, ct)).FirstOrDefault(prompt => prompt.Name == request.Name);
            if (prompt?.Arguments?.FirstOrDefault(argument => argument.Required == true && !request.Arguments.ContainsKey(argument.Name)) is { } missing)
            {
                throw new McpProtocolException($"Argument '{missing.Name}' is required.", McpErrorCode.InvalidParams);
            }

            if (prompt is not null && await source.GetAsync(request, ct) is { } result)
            {
                return result;
            }
        }

        throw new McpProtocolException($"Unknown prompt: '{request.Name}'.", McpErrorCode.InvalidParams);
    }

    /// <summary>Values for an argument of a prompt.</summary>
    /// <exception cref="McpProtocolException">There is no such prompt (-32602).</exception>
    public async ValueTask<IReadOnlyList<string>> CompleteAsync(Caller caller, string name, string argument, string value, CancellationToken ct)
    {
        foreach (var source in sources)
        {
            if (await source.CompleteAsync(caller, name, argument, value, ct) is { } values)
            {
                return values;
            }
        }

        throw new McpProtocolException($"Unknown prompt: '{name}'.", McpErrorCode.InvalidParams);
    }
}
