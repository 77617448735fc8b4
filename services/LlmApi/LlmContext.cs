using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Items;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.McpTools;
using JanServer.LlmApi.Projects;
using JanServer.LlmApi.Prompts.Templates;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Shares;
using JanServer.LlmApi.StoredCompletions;
using JanServer.LlmApi.Usage;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi;

/// <summary>The tables of this service. <c>Migrations/</c> decides their shape.</summary>
internal sealed class LlmContext(DbContextOptions<LlmContext> options) : DbContext(options)
{
    public DbSet<StoredProvider> Providers => Set<StoredProvider>();

    public DbSet<UsageHour> UsageHours => Set<UsageHour>();

    public DbSet<UsageRow> UsageRecords => Set<UsageRow>();

    public DbSet<StoredEndpoint> Endpoints => Set<StoredEndpoint>();

    public DbSet<EndpointHealth> EndpointHealth => Set<EndpointHealth>();

    public DbSet<ProviderModel> ProviderModels => Set<ProviderModel>();

    public DbSet<CatalogModel> Catalogs => Set<CatalogModel>();

    public DbSet<Conversation> Conversations => Set<Conversation>();

    public DbSet<Branch> ConversationBranches => Set<Branch>();

    public DbSet<ConversationItem> ConversationItems => Set<ConversationItem>();

    public DbSet<BranchItem> ConversationBranchItems => Set<BranchItem>();

    public DbSet<ConversationProject> ConversationProjects => Set<ConversationProject>();

    public DbSet<McpTool> McpTools => Set<McpTool>();

    public DbSet<StoredCompletion> StoredCompletions => Set<StoredCompletion>();

    public DbSet<StoredPromptTemplate> PromptTemplates => Set<StoredPromptTemplate>();

    public DbSet<ModelPromptTemplate> ModelPromptTemplates => Set<ModelPromptTemplate>();

    public DbSet<ConversationShare> ConversationShares => Set<ConversationShare>();

    /// <summary>PostgreSQL's <c>date_bin</c>: the beginning of the span of <paramref name="width"/> that holds <paramref name="time"/>.</summary>
    [DbFunction("date_bin", IsBuiltIn = true)]
    public static DateTimeOffset DateBin(TimeSpan width, DateTimeOffset time, DateTimeOffset origin) =>
        throw new NotSupportedException("This runs in the database.");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var catalogue = new CatalogueMapping();
        modelBuilder.ApplyConfiguration<CatalogModel>(catalogue);
        modelBuilder.ApplyConfiguration<ProviderModel>(catalogue);
        modelBuilder.ApplyConfiguration<StoredProvider>(catalogue);
        modelBuilder.ApplyConfiguration<StoredEndpoint>(catalogue);
        modelBuilder.ApplyConfiguration<EndpointHealth>(catalogue);
    }
}
