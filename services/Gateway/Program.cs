using JanServer.Gateway;
using JanServer.Gateway.Addresses;
using JanServer.Gateway.Authentication;
using JanServer.Gateway.Edge;
using JanServer.Gateway.OpenApi;
using JanServer.Gateway.Routing;
using JanServer.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddGateway();

var app = builder.Build();

app.UseResponseHeaders();
app.UsePathNormalization();
app.UseTrustedProxies();
app.UseInboundHeaders();
app.UseServiceDefaults();
app.UseCrossOrigin();
app.UseDocumentation();

app.MapDefaultEndpoints();
app.MapLandingPage();
app.MapDocumentation();
app.MapServices();

app.Run();
