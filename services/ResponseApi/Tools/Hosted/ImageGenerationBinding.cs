using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Tools.Reading;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>An image, shown as <c>image_generation_call</c> with the image in Base64. The model is told that it exists, not what it is.</summary>
internal sealed class ImageGenerationBinding(ToolSetBuilder set, ImageGeneration request, McpTool tool) : HostedBinding(
    set.Hosted,
    new(set.NameFor(tool.Name), tool.Description, ModelSchema.Without(tool.InputSchema, Decided)),
    tool.Name)
{
    private static readonly string[] Decided =
        ["n", "model", "store", "user", "num_inference_steps", "cfg_scale", "response_format", "output_format", "background"];

    public override string ItemIdPrefix => "ig";

    protected override string CompletedEvent => "response.image_generation_call.completed";

    protected override async ValueTask AnnounceAsync(HostedCall call, IItemOutput output, CancellationToken ct)
    {
        await output.EmitAsync("response.image_generation_call.in_progress", null, ct);
        await output.EmitAsync("response.image_generation_call.generating", null, ct);
    }

    protected override void Complete(HostedCall call, JsonObject arguments)
    {
        arguments["n"] = 1;
        Set(arguments, "model", request.Model);
        Set(arguments, "size", request.Size);
        Set(arguments, "quality", request.Quality);
        Set(arguments, "output_format", request.Format);
        Set(arguments, "background", request.Background);

        // The response's own item is what becomes part of the conversation.
        if (ModelSchema.Takes(tool.InputSchema, "store"))
        {
            arguments["store"] = false;
        }
    }

    protected override JsonElement Item(HostedCall call, string status, McpToolResult? result) => Item(call, status, null, null);

    protected override async ValueTask<ToolOutcome> FinishAsync(HostedCall call, McpToolResult result, IItemOutput output, CancellationToken ct)
    {
        var image = await set.Images.ReadAsync(call.Response.Caller, result, ct);
        if (image is null)
        {
            return Failed(call, "The image was made, but it could not be read.");
        }

        await output.EmitAsync(CompletedEvent, null, ct);
        var made = (result.Structured?.Elements("data") ?? []).FirstOrDefault();
        return new("The image was made and is shown to the user.", Item(call, "completed", image, made));
    }

    private JsonElement Item(HostedCall call, string status, MadeImage? image, JsonElement? made) => ItemJson.Build(json =>
    {
        json.WriteString("id", call.ItemId);
        json.WriteString("type", "image_generation_call");
        json.WriteString("status", status);
        if (image is null)
        {
            json.WriteNull("result");
            return;
        }

        json.WriteBase64String("result", image.Bytes.Span);
        json.WriteString("output_format", image.Format);
        json.WriteString("revised_prompt", (made is { } data ? data.Text("revised_prompt") : null) ?? call.Text("prompt"));
        if (request.Size is not null)
        {
            json.WriteString("size", request.Size);
        }
    });

    private void Set(JsonObject arguments, string name, string? value)
    {
        if (value is not null && ModelSchema.Takes(tool.InputSchema, name))
        {
            arguments[name] = value;
        }
    }
}
