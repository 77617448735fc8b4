using JanServer.Data;
using JanServer.McpTools;
using JanServer.McpTools.Calls;
using JanServer.McpTools.External;
using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.FileSearch;
using JanServer.McpTools.Images;
using JanServer.McpTools.Memory;
using JanServer.McpTools.Prompts;
using JanServer.McpTools.Protocol;
using JanServer.McpTools.Protocol.Discovery;
using JanServer.McpTools.Python;
using JanServer.McpTools.Resources;
using JanServer.McpTools.Scraping;
using JanServer.McpTools.Search;
using JanServer.McpTools.Settings;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auditing;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;
using JanServer.ServiceDefaults.Redis;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults(CallJson.Default, ExternalJson.Default);
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<McpToolsContext>("mcptoolsdb");
builder.AddSharedCache();
builder.Services.AddValidation();
builder.Services
    .AddAdminAudit()
    .AddExternalServers()
    .AddFileSearch()
    .AddImageTools()
    .AddMemoryTool()
    .AddPrompts()
    .AddProtocol()
    .AddPython()
    .AddResources()
    .AddScraping()
    .AddSearch()
    .AddToolCalls()
    .AddToolCatalogue()
    .AddToolSettings();

var app = builder.Build();
if (args is [SecretRotation.Command])
{
    return await SecretRotation.RunAsync(app.Services, Console.Out);
}

app.UseResourceChallenge();
app.UseServiceDefaults();
app.UseAdminAudit();
app.MapDefaultEndpoints();
app.MapProtocol();
app.MapResourceMetadata();

var v1 = app.MapGroup("/v1");
v1.MapExternalServers();
v1.MapToolUsage();

await app.RunAsync();
return 0;
