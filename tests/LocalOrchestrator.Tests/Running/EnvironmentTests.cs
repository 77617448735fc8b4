using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Aspire.Hosting.Testing;

namespace JanServer.LocalOrchestrator.Tests.Running;

public sealed class EnvironmentTests : IDisposable
{
    private readonly IDistributedApplicationTestingBuilder _builder = TestModel.New();

    public void Dispose() => _builder.Dispose();

    [Fact]
    public async Task A_reference_to_a_service_is_its_address_under_both_conventional_names()
    {
        var keycloak = _builder.AddKeycloak("who-is-who").WithLocalStandIn(Listener("identity"));
        var variables = await VariablesOf(Client().WithReference(keycloak));

        var address = variables["services__who-is-who__http__0"];
        Assert.StartsWith("http://localhost:", address, StringComparison.Ordinal);
        Assert.Equal(address, variables["WHO_IS_WHO_HTTP"]);
    }

    [Fact]
    public async Task A_stand_in_answers_at_the_address_of_the_container()
    {
        var identity = Listener("identity");
        var keycloak = _builder.AddKeycloak("keycloak").WithLocalStandIn(identity);
        var variables = await VariablesOf(Client().WithEnvironment("ISSUER", $"{keycloak.GetEndpoint("http")}/realms/jan"));

        Assert.Equal($"{identity.GetEndpoint("http").Url}/realms/jan", variables["ISSUER"]);
    }

    [Fact]
    public async Task A_database_is_a_connection_string_and_its_parts()
    {
        using var external = TestModel.New(
            "--ConnectionStrings:postgres=Host=db.example;Port=6543;Username=root;Password=x", "--Parameters:postgres-password=p w");
        var database = external.AddPostgres("postgres").AddDatabase("shop-db", "shop");
        var client = external.AddShell("client", "sleep 1000").WithReference(database).WithReference(database, "other");
        var variables = await VariablesOf(client, external);

        Assert.Equal("Host=db.example;Port=6543;Username=root;Password=x;Database=shop", variables["ConnectionStrings__shop-db"]);
        Assert.Equal(variables["ConnectionStrings__shop-db"], variables["ConnectionStrings__other"]);
        Assert.Equal(("db.example", "6543"), (variables["SHOP_DB_HOST"], variables["SHOP_DB_PORT"]));
        Assert.Equal("shop", variables["SHOP_DB_DATABASENAME"]);
        Assert.Equal("jdbc:postgresql://db.example:6543/shop", variables["SHOP_DB_JDBCCONNECTIONSTRING"]);
    }

    [Fact]
    public async Task The_last_value_of_a_variable_counts()
    {
        var variables =
            await VariablesOf(Client().WithEnvironment("COLOR", "red").WithEnvironment(c => c.EnvironmentVariables["COLOR"] = "green"));

        Assert.Equal("green", variables["COLOR"]);
    }

    [Fact]
    public async Task An_optional_connection_to_what_does_not_run_is_left_out_and_a_required_one_is_an_error()
    {
        var box = _builder.AddContainer("box", "box").WithHttpEndpoint();
        var cache = _builder.AddConnectionString("cache", ReferenceExpression.Create($"{box.GetEndpoint("http")}"));
        Assert.DoesNotContain("ConnectionStrings__cache", (await VariablesOf(Client().WithReference(cache, optional: true))).Keys);

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => ChildEnvironment.ResolveAsync(
            _builder.AddShell("second", "true").WithReference(cache).Resource, _builder.ExecutionContext, CancellationToken.None));
        Assert.Contains("ConnectionStrings:cache", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_of_one_model_share_no_port()
    {
        using var other = TestModel.New();
        var here = _builder.AddShell("service", "sleep 1000").WithHttpEndpoint(port: 8000);
        var there = other.AddShell("service", "sleep 1000").WithHttpEndpoint(port: 8000);
        await using var first = await _builder.BuildAsync();
        await using var second = await other.BuildAsync();
        await first.StartAsync();
        await second.StartAsync();

        Assert.NotEqual(here.GetEndpoint("http").Port, there.GetEndpoint("http").Port);
        Assert.Equal(here.GetEndpoint("http").Url + "/", first.GetEndpoint("service").AbsoluteUri);
    }

    private IResourceBuilder<ExecutableResource> Client() => _builder.AddShell("client", "sleep 1000");

    private IResourceBuilder<ExecutableResource> Listener(string name) => _builder.AddShell(name, "sleep 1000").WithHttpEndpoint();

    private Task<Dictionary<string, string>> VariablesOf(IResourceBuilder<IResource> resource) => VariablesOf(resource, _builder);

    private static async Task<Dictionary<string, string>> VariablesOf(
        IResourceBuilder<IResource> resource, IDistributedApplicationTestingBuilder builder)
    {
        EndpointAllocation.Allocate(builder.Resources.Where(r => r is not ContainerResource), randomize: true);
        var plan = RunPlan.For(builder.Resources, builder.Configuration);
        foreach (var (replaced, standIn) in plan.Replaced)
        {
            EndpointAllocation.Share(replaced, standIn);
        }

        return new(await ChildEnvironment.ResolveAsync(resource.Resource, builder.ExecutionContext, CancellationToken.None));
    }
}
