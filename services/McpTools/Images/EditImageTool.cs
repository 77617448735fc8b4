using JanServer.McpTools.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Images;

/// <summary><c>edit_image</c>: makes images from a prompt and another image, which llm-api finds by its id, its address or itself.</summary>
internal sealed class EditImageTool(ImageCalls images, IOptions<ImageOptions> options) : ITool
{
    public Tool Definition { get; } = new()
    {
        Name = "edit_image",
        Title = "Edit an image",
        Description = "Changes an image as described. The image may be the id jan_… of one that was generated or uploaded. "
            + "The result has a link and an id for each image; show the link to the user.",
        InputSchema = ImageSchemas.Edit,
        OutputSchema = ImageSchemas.Result,
        Annotations = new() { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = false, OpenWorldHint = false },
    };

    public string? Unavailable => options.Value.Edit ? null : "editing images is switched off by configuration.";

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct) => await images.AskAsync(call, "v1/images/edits", ct);
}
