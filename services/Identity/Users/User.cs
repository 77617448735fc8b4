using Microsoft.AspNetCore.Identity;

namespace JanServer.Identity.Users;

/// <summary>A person (or the administrator) who can sign in.</summary>
internal sealed class User : IdentityUser<Guid>
{
    /// <summary>The required action of somebody who was given a temporary password.</summary>
    public const string UpdatePassword = "UPDATE_PASSWORD";

    public required string Realm { get; init; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public bool Enabled { get; set; } = true;

    public Dictionary<string, List<string>> Attributes { get; set; } = [];

    public List<string> RequiredActions { get; set; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name as people know it; see <see cref="QualifiedName"/>.</summary>
    public string Username => Realm == Realms.Realm.Jan ? UserName! : UserName![(Realm.Length + 1)..];

    /// <summary>
    /// The stored name. Names are unique per realm, ASP.NET Core Identity's are unique altogether: names of any realm but jan carry
    /// the realm in front, and no user may choose a name with a slash.
    /// </summary>
    public static string QualifiedName(string realm, string username) => realm == Realms.Realm.Jan ? username : $"{realm}/{username}";

    /// <summary>The first value of an attribute.</summary>
    public string? Attribute(string name) => Attributes.GetValueOrDefault(name)?.FirstOrDefault();
}
