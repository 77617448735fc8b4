using JanServer.McpTools.Prompts;
using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Conformance;

/// <summary>The prompts that the suite gets.</summary>
internal sealed class ConformancePrompts : IPromptSource
{
    private static readonly Prompt[] Prompts =
    [
        Prompt("test_simple_prompt"),
        Prompt("test_prompt_with_arguments", "arg1", "arg2"),
        Prompt("test_prompt_with_embedded_resource", "resourceUri"),
        Prompt("test_prompt_with_image"),
        Prompt("test_input_required_result_prompt"),
    ];

    public ValueTask<IReadOnlyList<Prompt>> ListAsync(Caller caller, CancellationToken ct) => new(Prompts);

    public ValueTask<GetPromptResult?> GetAsync(PromptRequest request, CancellationToken ct) => new(request.Name switch
    {
        "test_simple_prompt" => Of(new TextContentBlock { Text = "This is a simple prompt for testing." }),
        "test_prompt_with_arguments" => Of(new TextContentBlock
        {
            Text = $"Prompt with arguments: arg1='{request.Arguments["arg1"]}', arg2='{request.Arguments["arg2"]}'",
        }),
        "test_prompt_with_embedded_resource" => Of(
            new EmbeddedResourceBlock
            {
                Resource = new TextResourceContents
                {
                    Uri = request.Arguments["resourceUri"],
                    MimeType = "text/plain",
                    Text = "Embedded resource content for testing.",
                },
            },
            new TextContentBlock { Text = "Please process the embedded resource above." }),
        "test_prompt_with_image" => Of(
            ImageContentBlock.FromBytes(Samples.Png, "image/png"),
            new TextContentBlock { Text = "Please analyze the image above." }),
        "test_input_required_result_prompt" => request.Client.Answers.ContainsKey("user_context")
            ? Of(new TextContentBlock { Text = "With your context." })
            : throw InputTools.Ask(("user_context", InputTools.Elicitation(
                "What context should the prompt use?", """{"context":{"type":"string"}}""", "context"))),
        _ => null,
    });

    public ValueTask<IReadOnlyList<string>?> CompleteAsync(Caller caller, string name, string argument, string value, CancellationToken ct) =>
        new(Prompts.Any(prompt => prompt.Name == name) ? ["paris", "park", "party"] : null);

    private static Prompt Prompt(string name, params string[] arguments) => new()
    {
        Name = name,
        Description = $"Fixture {name}.",
        Arguments = [.. arguments.Select(argument => new PromptArgument { Name = argument, Description = "An argument.", Required = true })],
    };

    private static GetPromptResult Of(params ContentBlock[] content) =>
        new() { Messages = [.. content.Select(block => new PromptMessage { Role = Role.User, Content = block })] };
}
