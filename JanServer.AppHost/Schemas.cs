namespace JanServer.AppHost;

internal static class Schemas
{
    /// <summary>
    /// A schema in the one database, owned by a login role of the same name that sees no other: database-setup makes both, the
    /// service gets the connection string.
    /// </summary>
    public static IResourceBuilder<ConnectionStringResource> AddSchema(
        this IDistributedApplicationBuilder builder,
        string connectionName,
        string role,
        IResourceBuilder<PostgresDatabaseResource> database,
        IResourceBuilder<ProjectResource> databaseSetup)
    {
        var password = builder.AddSecret($"{role.Replace('_', '-')}-db-password", 32);
        databaseSetup.WithEnvironment($"Schemas__{role}__Password", password);
        var server = database.Resource.Parent.PrimaryEndpoint;
        var address = ReferenceExpression.Create(
            $"Host={server.Property(EndpointProperty.Host)};Port={server.Property(EndpointProperty.Port)}");
        return builder.AddConnectionString(connectionName, ReferenceExpression.Create(
            $"{address};Username={role};Password={password};Database={database.Resource.DatabaseName};Search Path={role}"));
    }
}
