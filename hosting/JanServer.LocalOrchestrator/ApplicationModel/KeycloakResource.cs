namespace Aspire.Hosting.ApplicationModel;

public sealed class KeycloakResource(string name, ParameterResource? admin, ParameterResource adminPassword)
    : ContainerResource(name), IResourceWithServiceDiscovery
{
    public ParameterResource? AdminUserNameParameter { get; } = admin;

    public ParameterResource AdminPasswordParameter { get; } = adminPassword;

    internal ReferenceExpression AdminReference =>
        AdminUserNameParameter is null ? ReferenceExpression.Create($"admin") : ReferenceExpression.Create($"{AdminUserNameParameter}");
}
