using JanServer.McpTools.Prompts;
using JanServer.McpTools.Resources;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Hosting;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.McpTools.Tests.Conformance;

/// <summary>
/// mcp-tools with the tools, prompts and resources that MCP's conformance suite asks for. The suite brings no credential: this host,
/// and no other, takes all its requests for those of one user.
/// </summary>
public sealed class ConformanceService : ServiceFactory<Program>
{
    private readonly string _token = TestCallers.TokenFor(TestCallers.User());

    public ConformanceService()
        : base("mcptoolsdb")
    {
    }

    /// <summary>Where the suite finds the server.</summary>
    public Uri Address
    {
        get
        {
            using var started = Anonymous();
            return new(started.BaseAddress!, "/v1/mcp");
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services
            .AddSingleton<IStartupFilter>(new SignedIn(_token))
            .AddSingleton<IToolSource, ConformanceTools>()
            .AddSingleton<IPromptSource, ConformancePrompts>()
            .AddSingleton<IResourceSource, ConformanceResources>());
    }

    private sealed class SignedIn(string token) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(inner => context =>
            {
                context.Request.Headers[CallerTokens.HeaderName] = token;
                return inner(context);
            });
            next(app);
        };
    }
}
