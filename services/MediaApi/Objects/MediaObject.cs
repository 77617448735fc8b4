using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.Contracts.Tenancy;

namespace JanServer.MediaApi.Objects;

/// <summary>What is known of a stored file.</summary>
internal sealed class MediaObject
{
    public required Id<MediaRef> Id { get; init; }

    public required Id<UserRef> UserId { get; init; }

    public required Id<OrganizationRef> OrganizationId { get; init; }

    public required Id<ProjectRef> ProjectId { get; init; }

    public required byte[] Sha256 { get; init; }

    /// <summary>What the content is, whatever the uploader said.</summary>
    public required string MimeType { get; init; }

    public required long Bytes { get; init; }

    public string? Filename { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it may be deleted; null for never.</summary>
    public DateTimeOffset? RetentionUntil { get; init; }
}
