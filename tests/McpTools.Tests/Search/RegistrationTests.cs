using JanServer.McpTools.Tools;
using JanServer.Testing.Hosting;
using JanServer.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.McpTools.Tests.Search;

public sealed class RegistrationTests(RegistrationTests.Service service) : IClassFixture<RegistrationTests.Service>
{
    [Fact]
    public async Task The_service_has_both_tools()
    {
        var tools = await service.Services.GetRequiredService<ToolCatalogue>().ListAsync(TestCallers.User(), CancellationToken.None);

        var names = tools.Select(tool => tool.Name).ToList();
        Assert.Contains("google_search", names);
        Assert.Contains("scrape", names);
        Assert.All(tools.Where(tool => tool.Name is "google_search" or "scrape"), tool =>
        {
            Assert.True(tool.Annotations?.ReadOnlyHint);
            Assert.True(tool.Annotations?.OpenWorldHint);
            Assert.All(tool.InputSchema.GetProperty("properties").EnumerateObject(), argument => Assert.True(argument.Value.TryGetProperty("description", out _), argument.Name));
        });
    }

    public sealed class Service : ServiceFactory<Program>
    {
        public Service()
            : base("mcptoolsdb") => this["SERPER_API_KEY"] = "key";
    }
}
