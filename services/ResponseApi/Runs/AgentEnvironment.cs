using System.Globalization;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Runs;

/// <summary>The reference's names of settings: <c>RESPONSE_MAX_TOOL_DEPTH</c> (0 and less: the default) and <c>TOOL_EXECUTION_TIMEOUT</c>.</summary>
internal sealed class AgentEnvironment(IConfiguration configuration) : IConfigureOptions<AgentOptions>
{
    public void Configure(AgentOptions options)
    {
        if (int.TryParse(configuration["RESPONSE_MAX_TOOL_DEPTH"], NumberStyles.Integer, CultureInfo.InvariantCulture, out var depth) && depth > 0)
        {
            options.MaxToolDepth = depth;
        }

        if (configuration["TOOL_EXECUTION_TIMEOUT"] is { Length: > 0 } text)
        {
            options.ToolTimeout = GoDuration.TryParse(text, out var timeout)
                ? timeout
                : throw new InvalidOperationException($"TOOL_EXECUTION_TIMEOUT is '{text}', which is no duration such as 45s or 1h30m.");
        }
    }
}
