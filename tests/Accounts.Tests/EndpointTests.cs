using System.Net;
using JanServer.Accounts.Tests.Fixtures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.Accounts.Tests;

public sealed class EndpointTests(AccountsService service) : IClassFixture<AccountsService>
{
    private static readonly string[] Open =
        ["/auth/guest-login", "/auth/logout", "/auth/refresh-token", "/auth/revoke", "/auth/validate", "/healthz", "/readyz"];

    private const int Settings = 4;
    private const int Users = 11;
    private const int Groups = 10;
    private const int FeatureFlags = 4;
    private const int AuditLogs = 1;

    [Fact]
    public void Exactly_these_endpoints_are_open_to_everyone()
    {
        using var client = service.Anonymous();
        var open = service.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'))
            .Where(path => !path.StartsWith("/openapi", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(Open, open);
    }

    [Fact]
    public async Task The_document_describes_the_public_routes_and_no_internal_one()
    {
        using var client = service.Anonymous();

        var document = await client.GetAsync("/openapi/v1.json").JsonAsync();

        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, Operation: operation.Value)))
            .Where(operation => !operation.Name.EndsWith('z'))
            .ToList();
        Assert.Equal(11 + Settings + Users + Groups + FeatureFlags + AuditLogs, operations.Count);
        Assert.All(operations, operation => Assert.NotEmpty(operation.Operation.Text("summary")));
        Assert.All(operations, operation => Assert.NotEmpty(operation.Operation.Text("operationId")));
        Assert.DoesNotContain("/internal", document.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/auth/nothing")]
    public async Task An_unknown_route_is_a_404_in_the_envelope(string path)
    {
        using var client = service.ClientForService();

        await client.GetAsync(path).ErrorAsync(HttpStatusCode.NotFound);
    }
}
