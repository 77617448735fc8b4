using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Items;
using JanServer.LlmApi.Conversations.Titles;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.LlmApi.Conversations;

internal static class ConversationServices
{
    public static IServiceCollection AddConversations(this IServiceCollection services) => services
        .AddScoped<ConversationStore>()
        .AddScoped<ConversationChanges>()
        .AddScoped<ItemStore>()
        .AddScoped<CallUpdates>()
        .AddScoped<TimelineStore>()
        .AddScoped<Timelines>()
        .AddScoped<BranchChanges>()
        .AddTitles();

    public static void MapConversations(this IEndpointRouteBuilder v1)
    {
        var conversations = v1.MapGroup("/conversations").RequireScope(Scopes.Conversations);
        conversations.MapConversationObjects();
        conversations.MapItems();
        conversations.MapTimelines();
        conversations.MapBranches();
    }
}
