using JanServer.Accounts;
using JanServer.Accounts.ApiKeys;
using JanServer.Accounts.IdentityProvider;
using JanServer.Accounts.Sessions;
using JanServer.Accounts.Settings;
using JanServer.Accounts.Users;
using JanServer.Contracts.Accounts;
using JanServer.Data;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddUsers().AddApiKeys().AddIdentityProvider().AddSessions().AddSettings();
builder.AddServiceDefaults(AccountsApiJson.Default, SettingsJson.Default, AccountsJson.Default);
builder.Services.AddValidation();
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<AccountsContext>("accountsdb");

var app = builder.Build();

app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapInternal();
app.MapSettings();

var auth = app.MapGroup("/auth");
auth.MapSessions();
auth.MapMe();
auth.MapApiKeys();

app.Run();
