namespace JanServer.Inference.Access;

/// <summary>The liveness path of vLLM and text-embeddings-inference, for whatever probes an engine there.</summary>
internal static class HealthEndpoints
{
    public const string Path = "/health";

    public static void MapEngineHealth(this IEndpointRouteBuilder routes) => routes.MapGet(Path, static () => TypedResults.Ok());
}
