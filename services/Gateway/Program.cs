using JanServer.Gateway;
using JanServer.Gateway.Addresses;
using JanServer.Gateway.Authentication;
using JanServer.Gateway.Routing;
using JanServer.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddGateway();

var app = builder.Build();

app.UsePathNormalization();
app.UseTrustedProxies();
app.UseInboundHeaders();
app.UseServiceDefaults();

app.MapDefaultEndpoints();
app.MapServices();

app.Run();
