using JanServer.Data;
using JanServer.McpTools;
using JanServer.McpTools.Python;
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
    .AddPython()
    .AddToolCatalogue();

var app = builder.Build();

app.UseServiceDefaults();
app.MapDefaultEndpoints();

app.Run();
