using JanServer.Data;
using JanServer.ResponseApi;
using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.Compaction;
using JanServer.ResponseApi.Contexts;
using JanServer.ResponseApi.EventLog;
using JanServer.ResponseApi.RemoteServers;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Secrets;
using JanServer.ResponseApi.Tools;
using JanServer.ResponseApi.Webhooks;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults(CompactionJson.Default, ResponsesJson.Default, WebhookJson.Default);
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<ResponseContext>("responsedb");
builder.Services.AddValidation();

// Hosted services stop in the opposite order: workers before the log that they write to.
builder.Services
    .AddAgent()
    .AddCompaction()
    .AddContexts()
    .AddEventLog()
    .AddBackground()
    .AddRemoteServers()
    .AddResponses()
    .AddSecrets()
    .AddTools()
    .AddWebhooks();

var app = builder.Build();

app.UseServiceDefaults();
app.MapDefaultEndpoints();

var v1 = app.MapGroup("/v1");
v1.MapCompaction();
v1.MapResponses();
v1.MapWebhooks();

app.Run();
