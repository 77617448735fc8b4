namespace JanServer.McpTools.Images;

/// <summary>Whether images are made. Bound from <c>Images</c>.</summary>
public sealed class ImageOptions
{
    /// <summary>Whether <c>generate_image</c> can be used. The reference's <c>MCP_ENABLE_IMAGE_GENERATE</c> sets it too.</summary>
    public bool Generate { get; set; } = true;

    /// <summary>Whether <c>edit_image</c> can be used. The reference's <c>MCP_ENABLE_IMAGE_EDIT</c> sets it too.</summary>
    public bool Edit { get; set; } = true;

    /// <summary>The model of calls that name none; llm-api's own default unless told.</summary>
    public string? Model { get; set; }
}
