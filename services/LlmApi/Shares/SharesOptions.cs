using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Shares;

/// <summary>Sharing. Bound from <c>Shares</c>.</summary>
internal sealed class SharesOptions
{
    /// <summary>Whether conversations can be shared and shares be read. Owners list and revoke theirs in any case.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Where the public reaches the gateway, such as <c>https://chat.example</c>; unless told, where the owner did.</summary>
    public Uri? PublicBaseUrl { get; set; }

    /// <summary>The largest snapshot.</summary>
    [Range(1024, 10 * 1024 * 1024)]
    public int MaxSnapshotBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Shares of one conversation that are not revoked.</summary>
    [Range(1, 10_000)]
    public int MaxPerConversation { get; set; } = 100;
}

/// <summary>Checks <see cref="SharesOptions"/> when the host starts.</summary>
[OptionsValidator]
internal sealed partial class SharesOptionsValidator : IValidateOptions<SharesOptions>;
