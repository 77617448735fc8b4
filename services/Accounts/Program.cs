using JanServer.Accounts;
using JanServer.Accounts.AdminGroups;
using JanServer.Accounts.AdminUsers;
using JanServer.Accounts.ApiKeys;
using JanServer.Accounts.Auditing;
using JanServer.Accounts.FeatureFlags;
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
builder.Services.AddAdminUsers().AddAdminGroups().AddAuditing();
builder.AddServiceDefaults(
    AccountsApiJson.Default,
    SettingsJson.Default,
    AdminUsersJson.Default,
    AdminGroupsJson.Default,
    FeatureFlagsJson.Default,
    AuditJson.Default,
    AccountsJson.Default);
builder.Services.AddValidation();
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<AccountsContext>("accountsdb");

var app = builder.Build();

app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapInternal();
app.MapSettings();
app.MapAdminUsers();
app.MapAdminGroups();
app.MapFeatureFlags();
app.MapAuditLogs();

var auth = app.MapGroup("/auth");
auth.MapSessions();
auth.MapMe();
auth.MapApiKeys();

app.Run();
