using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>
/// OpenAI's <c>image_generation</c>. <c>partial_images</c> is taken and none are sent, since no model of ours makes any; the names of
/// OpenAI's own image models mean the server's default model.
/// </summary>
/// <param name="Model">The model; null for the server's.</param>
/// <param name="Size">Such as <c>1024x1024</c>; null for the model's own.</param>
/// <param name="Quality">Null for the model's own.</param>
/// <param name="Format">What the image is asked to be; what it is, the item says.</param>
/// <param name="Background">Null for the model's own.</param>
internal sealed record ImageGeneration(string? Model, string? Size, string? Quality, string? Format, string? Background) : IToolDeclaration
{
    public const string Type = "image_generation";

    private static readonly string[] OpenAIs = ["gpt-image", "chatgpt-image"];

    public static ImageGeneration Read(FieldReader tool)
    {
        if (tool.Choice("action", "generate", "edit", "auto") is "edit")
        {
            tool.Fail("action", "This server's tool makes images; it does not edit them. See /v1/images/edits.");
        }

        if (tool.Has("input_image_mask"))
        {
            tool.Fail("input_image_mask", "This server's tool makes images; it does not edit them. See /v1/images/edits.");
        }

        tool.Integer("partial_images", 0, 3);
        tool.Integer("output_compression", 0, 100);
        tool.Choice("moderation", "auto", "low");
        tool.Choice("input_fidelity", "high", "low");
        var model = tool.Text("model", 1, 256);
        return new(
            model is null || OpenAIs.Any(prefix => model.StartsWith(prefix, StringComparison.Ordinal)) ? null : model,
            Given(tool.Text("size", 1, 32)),
            Given(tool.Choice("quality", "low", "medium", "high", "auto")),
            tool.Choice("output_format", "png", "webp", "jpeg"),
            Given(tool.Choice("background", "transparent", "opaque", "auto")));
    }

    public async ValueTask<ApiError?> AddToAsync(ToolSetBuilder set, CancellationToken ct)
    {
        var tool = await set.HostedAsync(KnownTools.Image.Name, Type, KnownTools.Image, ct);
        set.Add(new ImageGenerationBinding(set, this, tool), ToolNames.Key(Type));
        return null;
    }

    private static string? Given(string? value) => value is "auto" ? null : value;
}
