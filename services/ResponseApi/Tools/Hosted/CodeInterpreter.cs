using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>
/// OpenAI's <c>code_interpreter</c>. A container is a session of the sandbox: the named one, or, for <c>auto</c>, the one that the context
/// used last, else one of this response's own. Sessions are the caller's own, whatever they are called.
/// </summary>
/// <param name="Container">The session's name; null for <c>auto</c>.</param>
internal sealed record CodeInterpreter(string? Container) : IToolDeclaration
{
    public const string Type = "code_interpreter";

    public static CodeInterpreter Read(FieldReader tool)
    {
        if (tool.Find("container") is not { } container)
        {
            tool.Fail(ApiError.Missing(tool.PathOf("container")));
            return new((string?)null);
        }

        if (container.ValueKind is System.Text.Json.JsonValueKind.String)
        {
            var id = container.GetString()!;
            if (!FunctionNames.IsValid(id))
            {
                tool.Fail("container", "Must be 1 to 64 letters, digits, '_' or '-'.");
            }

            return new(id);
        }

        if (tool.Object("container") is { } auto)
        {
            Check(auto);
        }

        return new((string?)null);
    }

    public async ValueTask<ApiError?> AddToAsync(ToolSetBuilder set, CancellationToken ct)
    {
        var tool = await set.HostedAsync(KnownTools.Python.Name, Type, KnownTools.Python, ct);
        set.Add(new CodeInterpreterBinding(set, tool, Container ?? LastOf(set.Response) ?? $"cntr_{set.Response.Id.Value:n}"), ToolNames.Key(Type));
        return null;
    }

    private static void Check(FieldReader auto)
    {
        if (auto.Choice("type", "auto") is null)
        {
            auto.Fail(ApiError.Missing(auto.PathOf("type")));
        }

        if (auto.Texts("file_ids", 50, 256) is { Count: > 0 })
        {
            auto.Fail("file_ids", "This server has no files to give to a container.");
        }

        // The sandbox's own limits hold for every session; OpenAI's sizes are taken and not more than that.
        auto.Choice("memory_limit", "1g", "4g", "16g", "64g");
        if (auto.Object("network_policy")?.Choice("type", "disabled", "allowlist") is "allowlist")
        {
            auto.Fail("network_policy", "Containers have no network on this server.");
        }
    }

    private static string? LastOf(Response response) =>
        response.Context.Select(item => item.Item)
            .Concat(response.Input.Select(item => item.Item))
            .Where(item => item.Text("type") is "code_interpreter_call")
            .Select(item => item.Text("container_id"))
            .LastOrDefault(id => id is not null && FunctionNames.IsValid(id));
}
