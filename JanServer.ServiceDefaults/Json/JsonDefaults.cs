using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Json;

internal static class JsonDefaults
{
    /// <summary>
    /// Serializes only types named in <paramref name="contexts"/>. Reflection is taken out of the chain rather than left to
    /// the process-wide switch, so the rule also holds inside a test host.
    /// </summary>
    public static IServiceCollection AddJsonContexts(this IServiceCollection services, params JsonSerializerContext[] contexts) =>
        services.PostConfigure<JsonOptions>(options =>
        {
            var json = options.SerializerOptions;
            json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.AllowDuplicateProperties = false;

            var chain = json.TypeInfoResolverChain;
            foreach (var reflection in chain.OfType<DefaultJsonTypeInfoResolver>().ToArray())
            {
                chain.Remove(reflection);
            }

            foreach (var context in contexts)
            {
                chain.Add(context);
            }

            chain.Add(Errors.ErrorJson.Default);
            chain.Add(OpenApi.OpenApiTypes.Default);
        });
}
