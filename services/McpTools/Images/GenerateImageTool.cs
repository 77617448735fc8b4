using JanServer.McpTools.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Images;

/// <summary><c>generate_image</c>: makes images from a prompt.</summary>
internal sealed class GenerateImageTool(ImageCalls images, IOptions<ImageOptions> options) : ITool
{
    public Tool Definition { get; } = new()
    {
        Name = "generate_image",
        Title = "Generate an image",
        Description = "Makes images from a description. The result has a link and an id for each image; show the link to the user.",
        InputSchema = ImageSchemas.Generate,
        OutputSchema = ImageSchemas.Result,
        Annotations = new() { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = false, OpenWorldHint = false },
    };

    public string? Unavailable => options.Value.Generate ? null : "making images is switched off by configuration.";

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct) => await images.AskAsync(call, "v1/images/generations", ct);
}
