using JanServer.Sandbox.Access;
using JanServer.Sandbox.Isolation;
using JanServer.Sandbox.Metering;
using JanServer.Sandbox.Runs;
using JanServer.Sandbox.Sessions;
using JanServer.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults(RunJson.Default, NotebookJson.Default);
builder.AddSandboxAccess();
builder.Services.AddSingleton<SandboxMetrics>();
builder.Services.AddIsolation().AddRuns().AddSessions();

var app = builder.Build();

app.UseServiceDefaults();
app.MapDefaultEndpoints();

var guarded = app.MapGuarded();
guarded.MapRuns();
guarded.MapNotebooks();
app.MapPing();

app.Run();
