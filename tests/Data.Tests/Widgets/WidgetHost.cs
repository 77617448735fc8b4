using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Testing.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanServer.Data.Tests.Widgets;

/// <summary>A host with the widgets' database, as a service registers it.</summary>
internal sealed class WidgetHost : IAsyncDisposable
{
    private WidgetHost(IHost host, TestDatabase database)
    {
        Host = host;
        Database = database;
    }

    public IHost Host { get; }

    public TestDatabase Database { get; }

    public static async Task<WidgetHost> StartAsync(Action<IServiceCollection>? configure = null)
    {
        var database = await TestDatabase.CreateAsync(typeof(WidgetHost).Assembly);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration["ConnectionStrings:widgets"] = database.ConnectionString;
        builder.Logging.ClearProviders();
        builder.Services.AddMetrics();
        builder.AddNpgsqlDbContext<WidgetDbContext>("widgets");
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new WidgetHost(host, database);
    }

    public static Widget NewWidget(Id<UserRef> owner, string name = "a widget") => new()
    {
        Id = Id<Widget>.New(TimeProvider.System),
        OwnerId = owner,
        DisplayName = name,
        CreatedAt = TimeProvider.System.GetUtcNow(),
    };

    public async Task<T> UseAsync<T>(Func<WidgetDbContext, Task<T>> use)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<WidgetDbContext>());
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync();
        Host.Dispose();
        await Database.DisposeAsync();
    }
}
