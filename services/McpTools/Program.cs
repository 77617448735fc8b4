using JanServer.Data;
using JanServer.McpTools;
using JanServer.McpTools.Scraping;
using JanServer.McpTools.Search;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;
using JanServer.ServiceDefaults.Redis;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<McpToolsContext>("mcptoolsdb");
builder.AddSharedCache();
builder.Services.AddValidation();
builder.Services
    .AddScraping()
    .AddSearch()
    .AddToolCatalogue();

var app = builder.Build();

app.UseServiceDefaults();
app.MapDefaultEndpoints();

app.Run();
