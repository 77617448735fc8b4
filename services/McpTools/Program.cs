using JanServer.Data;
using JanServer.McpTools;
using JanServer.McpTools.External;
using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auditing;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults(ExternalJson.Default);
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<McpToolsContext>("mcptoolsdb");
builder.Services.AddValidation();
builder.Services
    .AddAdminAudit()
    .AddExternalServers()
    .AddToolCatalogue();

var app = builder.Build();
if (args is [SecretRotation.Command])
{
    return await SecretRotation.RunAsync(app.Services, Console.Out);
}

app.UseServiceDefaults();
app.UseAdminAudit();
app.MapDefaultEndpoints();

var v1 = app.MapGroup("/v1");
v1.MapExternalServers();

await app.RunAsync();
return 0;
