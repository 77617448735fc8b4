using JanServer.Data;
using JanServer.LlmApi;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Completions;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Images;
using JanServer.LlmApi.McpTools;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Projects;
using JanServer.LlmApi.Prompts;
using JanServer.LlmApi.Prompts.Templates;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Shares;
using JanServer.LlmApi.StoredCompletions;
using JanServer.LlmApi.Sync;
using JanServer.LlmApi.Usage;
using JanServer.ServiceDefaults;
using JanServer.ServiceDefaults.Auditing;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Jwt;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults(
    LlmApiJson.Default,
    CatalogueJson.Default,
    ConversationsJson.Default,
    ImageJson.Default,
    McpToolJson.Default,
    ProjectJson.Default,
    PromptsJson.Default,
    ShareJson.Default,
    StoredCompletionJson.Default,
    UsageJson.Default);
builder.AddCallerAuthentication();
builder.Services.AddUserTokenAuthentication();
builder.AddNpgsqlDbContext<LlmContext>("llmdb");
builder.Services.AddValidation();
builder.Services
    .AddProviders()
    .AddCatalogue()
    .AddSync()
    .AddCompletions()
    .AddPrompts()
    .AddImages()
    .AddStoredCompletions()
    .AddConversations()
    .AddProjects()
    .AddShares()
    .AddMcpTools()
    .AddMetering()
    .AddUsage()
    .AddAdminAudit();

var app = builder.Build();
if (args is [ProviderKeyRotation.Command])
{
    return await ProviderKeyRotation.RunAsync(app.Services, Console.Out);
}

app.UseServiceDefaults();
app.UseAdminAudit();
app.MapDefaultEndpoints();

var v1 = app.MapGroup("/v1");
v1.MapCompletions();
v1.MapStoredCompletions();
v1.MapImages();
v1.MapModels();
v1.MapProviders();
v1.MapConversations();
v1.MapProjects();
v1.MapMcpTools();
v1.MapShares();
v1.MapPublicShares();
v1.MapPromptTemplates();
v1.MapModelTemplates();
app.MapToolSettings();
v1.MapUsage();
v1.MapOrganizationUsage();
v1.MapCatalogue();
app.MapTemplateContents();

await app.RunAsync();
return 0;
