using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Aspire.Hosting.Testing;
using Npgsql;

namespace JanServer.LocalOrchestrator.Tests.Running;

/// <summary>The real AppHost in the testing face.</summary>
public sealed class AppHostTests
{
    [Fact]
    public async Task It_runs_inside_a_test_with_a_database_of_its_own_and_consistent_addresses()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.JanServer_AppHost>();
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("database-setup", KnownResourceStates.Finished).Soon();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("inference").Soon();

        Assert.Equal(app.GetEndpoint("identity"), app.GetEndpoint("keycloak", "http"));
        Assert.NotEqual(8085, app.GetEndpoint("identity").Port);
        Assert.NotNull(app.GetProcessId("inference"));
        using var http = app.CreateHttpClient("inference");
        Assert.True((await http.GetAsync(new Uri("/healthz", UriKind.Relative))).IsSuccessStatusCode);
        await using var connection = new NpgsqlConnection(await app.GetConnectionStringAsync("llmdb"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT current_user || ' ' || current_schema()", connection);
        Assert.Equal("llm_api llm_api", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Everything_becomes_ready_and_agrees_on_the_issuer_wherever_it_listens()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.JanServer_AppHost>();
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway").Soon();

        using var identity = app.CreateHttpClient("identity");
        using var gateway = app.CreateHttpClient("gateway");
        var discovery = await identity.GetFromJsonAsync<JsonObject>("realms/jan/.well-known/openid-configuration");
        Assert.Equal(new Uri(app.GetEndpoint("keycloak", "http"), "realms/jan").AbsoluteUri, (string?)discovery!["issuer"]);
        using var guest = await gateway.PostAsJsonAsync("auth/guest-login", new JsonObject());
        Assert.True(guest.IsSuccessStatusCode, app.DumpResources());
    }

    [Fact]
    public async Task An_AppHost_that_is_not_started_ends_with_its_builder()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.JanServer_AppHost>();
        Assert.Contains(builder.Resources, r => r.Name == "gateway");

        await builder.DisposeAsync();

        Assert.False(Directory.Exists(builder.Configuration["LocalOrchestrator:StateFolder"]));
    }
}
