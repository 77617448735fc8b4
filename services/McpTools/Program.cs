using JanServer.Data;
using JanServer.McpTools;
using JanServer.McpTools.Calls;
using JanServer.McpTools.FileSearch;
using JanServer.McpTools.Images;
using JanServer.McpTools.Memory;
using JanServer.McpTools.Settings;
using JanServer.McpTools.Scraping;
using JanServer.McpTools.Search;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;
using JanServer.ServiceDefaults.Redis;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults(CallJson.Default);
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<McpToolsContext>("mcptoolsdb");
builder.AddSharedCache();
builder.Services.AddValidation();
builder.Services
    .AddFileSearch()
    .AddImageTools()
    .AddMemoryTool()
    .AddToolCalls()
    .AddToolCatalogue()
    .AddToolSettings();
    .AddScraping()
    .AddSearch()
    .AddToolCatalogue();

var app = builder.Build();

app.UseServiceDefaults();
app.MapDefaultEndpoints();

var v1 = app.MapGroup("/v1");
v1.MapToolUsage();

app.Run();
