using JanServer.Accounts.IdentityProvider;

namespace JanServer.Accounts.FeatureFlags;

/// <summary>The feature flags of a group: an attribute at the identity provider, which puts it into the tokens of the group's members.</summary>
internal static class GroupFlags
{
    private const string Attribute = "feature_flags";

    public static IReadOnlyList<string> Of(KeycloakGroup group) => group.Attributes?.GetValueOrDefault(Attribute) ?? [];

    /// <summary>The group's attributes with other flags, and all else as it is.</summary>
    public static Dictionary<string, string[]> Replaced(KeycloakGroup group, IReadOnlyCollection<string> flags)
    {
        var attributes = new Dictionary<string, string[]>(group.Attributes ?? new Dictionary<string, string[]>(), StringComparer.Ordinal);
        attributes.Remove(Attribute);
        if (flags.Count > 0)
        {
            attributes[Attribute] = [.. flags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }

        return attributes;
    }
}
