using JanServer.Data;
using JanServer.McpTools;
using JanServer.McpTools.Prompts;
using JanServer.McpTools.Protocol;
using JanServer.McpTools.Protocol.Discovery;
using JanServer.McpTools.Resources;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<McpToolsContext>("mcptoolsdb");
builder.Services.AddValidation();
builder.Services
    .AddPrompts()
    .AddProtocol()
    .AddResources()
    .AddToolCatalogue();

var app = builder.Build();

app.UseResourceChallenge();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapProtocol();
app.MapResourceMetadata();

app.Run();
