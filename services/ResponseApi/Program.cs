using JanServer.Data;
using JanServer.ResponseApi;
using JanServer.ResponseApi.RemoteServers;
using JanServer.ResponseApi.Tools;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<ResponseContext>("responsedb");
builder.Services.AddValidation();
builder.Services.AddRemoteServers();
builder.Services.AddTools();

var app = builder.Build();

app.UseServiceDefaults();
app.MapDefaultEndpoints();

app.Run();
