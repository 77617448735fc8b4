using System.ComponentModel.DataAnnotations;

namespace JanServer.ResponseApi.Responses;

/// <summary>What a list of responses is narrowed by.</summary>
public sealed record ResponseListQuery
{
    /// <summary>Such as <c>in_progress</c>.</summary>
    [AllowedValues("queued", "in_progress", "completed", "incomplete", "failed", "cancelled", null)]
    public string? Status { get; init; }

    /// <summary>The model that was asked for.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it ran in the background.</summary>
    public bool? Background { get; init; }

    /// <summary>The conversation that it is part of.</summary>
    public string? Conversation { get; init; }
}

/// <summary>Says that it is deleted.</summary>
/// <param name="Id">Which.</param>
public sealed record DeletedResponse(string Id)
{
    /// <summary>Always <c>response</c>.</summary>
    public string Object => "response";

    /// <summary>Always true.</summary>
    public bool Deleted => true;
}
