using JanServer.Contracts.Ids;

namespace JanServer.Contracts.Tenancy;

/// <summary>Marks the id of a user: <c>user_…</c>.</summary>
public abstract class UserRef : IIdentified
{
    private UserRef()
    {
    }

    /// <inheritdoc/>
    public static string IdPrefix => "user";
}

/// <summary>Marks the id of an organization: <c>org_…</c>.</summary>
public abstract class OrganizationRef : IIdentified
{
    private OrganizationRef()
    {
    }

    /// <inheritdoc/>
    public static string IdPrefix => "org";
}

/// <summary>Marks the id of an organization's project: <c>proj_…</c>.</summary>
public abstract class ProjectRef : IIdentified
{
    private ProjectRef()
    {
    }

    /// <inheritdoc/>
    public static string IdPrefix => "proj";
}

/// <summary>Marks the id of an API key: <c>key_…</c>.</summary>
public abstract class ApiKeyRef : IIdentified
{
    private ApiKeyRef()
    {
    }

    /// <inheritdoc/>
    public static string IdPrefix => "key";
}
