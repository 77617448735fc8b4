using JanServer.Contracts.Media;
using JanServer.Data;
using JanServer.MediaApi;
using JanServer.MediaApi.Downloads;
using JanServer.MediaApi.Files;
using JanServer.MediaApi.Objects;
using JanServer.MediaApi.Resolving;
using JanServer.MediaApi.Retention;
using JanServer.MediaApi.Uploads;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults(MediaApiJson.Default, MediaJson.Default);
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<MediaContext>("mediadb");
builder.Services.AddValidation();
builder.Services.AddObjects().AddFiles().AddUploads().AddDownloads().AddRetention();

var app = builder.Build();

app.UseServiceDefaults();
app.MapDefaultEndpoints();

var media = app.MapGroup("/v1/media").WithTags("Media");
media.MapUploads();
media.MapResolving();
media.MapObjects();
app.MapDownloads();

app.Run();
