using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.LlmApi.Completions;

/// <summary>OpenAI's inference endpoints. Their bodies are scanned as bytes, so the handlers take the request itself.</summary>
internal static class CompletionEndpoints
{
    public static IServiceCollection AddCompletions(this IServiceCollection services)
    {
        services.AddOptions<CompletionOptions>().BindConfiguration("Completions").ValidateOnStart();
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<CompletionOptions>, CompletionOptionsValidator>();
        services.AddSingleton<Streaming.RequestWatch>();
        services.AddSingleton<Turns.TurnTargets>();
        services.AddSingleton<Turns.TurnKeeping>();
        services.AddSingleton<CompletionPipeline>();
        return services;
    }

    public static void MapCompletions(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/chat/completions", ChatAsync)
            .RequireScope(Scopes.Inference)
            .WithName("CreateChatCompletion").WithTags("Chat")
            .WithSummary("Answers a conversation with a model, whole or as a stream of server-sent events.")
            .WithDescription("The body is OpenAI's CreateChatCompletionRequest. Members that this server does not know go to the model's server "
                + "untouched. 'model' may be 'auto' for the best model there is.");
        v1.MapPost("/completions", CompleteAsync)
            .RequireScope(Scopes.Inference)
            .WithName("CreateCompletion").WithTags("Completions")
            .WithSummary("Continues a prompt with a model, whole or as a stream of server-sent events.");
        v1.MapPost("/embeddings", EmbedAsync)
            .RequireScope(Scopes.Inference)
            .WithName("CreateEmbedding").WithTags("Embeddings")
            .WithSummary("Turns texts into vectors.");
    }

    private static Task ChatAsync(HttpContext http, Caller caller, CompletionPipeline pipeline) =>
        pipeline.RunAsync(http, caller, Operation.Chat);

    private static Task CompleteAsync(HttpContext http, Caller caller, CompletionPipeline pipeline) =>
        pipeline.RunAsync(http, caller, Operation.Completion);

    private static Task EmbedAsync(HttpContext http, Caller caller, CompletionPipeline pipeline) =>
        pipeline.RunAsync(http, caller, Operation.Embedding);
}
