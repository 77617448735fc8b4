using Microsoft.AspNetCore.Identity;

namespace JanServer.Identity.Roles;

/// <summary>A role of realm jan.</summary>
internal sealed class Role : IdentityRole<Guid>
{
    public string? Description { get; set; }
}
