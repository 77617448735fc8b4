namespace JanServer.McpTools.Python;

/// <summary>Reads settings by the names that the reference system's deployments use; ours (<c>McpTools:Python:*</c>) win over them.</summary>
internal static class PythonSettings
{
    public static void Apply(PythonOptions options, IConfiguration configuration)
    {
        options.Enabled = Flag(configuration["MCP_ENABLE_PYTHON_EXEC"]) ?? options.Enabled;
        options.RequireApproval = Flag(configuration["MCP_SANDBOX_REQUIRE_APPROVAL"]) ?? options.RequireApproval;
        options.Url = Uri.TryCreate(configuration["SANDBOXFUSION_URL"], UriKind.Absolute, out var url) ? url : options.Url;
    }

    private static bool? Flag(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "1" or "true" or "yes" or "on" => true,
        "0" or "false" or "no" or "off" => false,
        _ => null,
    };
}
