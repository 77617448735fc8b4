using JanServer.Data;
using JanServer.Identity;
using JanServer.Identity.Admin;
using JanServer.Identity.Errors;
using JanServer.Identity.Groups;
using JanServer.Identity.Keys;
using JanServer.Identity.Login;
using JanServer.Identity.Logout;
using JanServer.Identity.Realms;
using JanServer.Identity.Roles;
using JanServer.Identity.Tokens;
using JanServer.Identity.Users;
using JanServer.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<IProblemDetailsWriter, KeycloakErrorWriter>();
builder.AddServiceDefaults(IdentityJson.Default);
builder.AddNpgsqlDbContext<IdentityDbContext>("identitydb");
builder.Services.AddRealms().AddKeys().AddClients().AddUsers().AddTokens().AddLogin().AddLogout().AddRetention();

var app = builder.Build();
app.UseServiceDefaults();
app.UseCors();
app.MapDefaultEndpoints();

var realm = app.MapGroup("/realms/{realm}");
realm.MapRealmDescription();
realm.MapTokens();
realm.MapTokenUse();
realm.MapLogin();
realm.MapLogout();

var admin = app.MapGroup(AdminPaths.Root);
admin.MapUsers();
admin.MapRoles();
admin.MapGroups();
admin.MapKeys();

app.Run();
