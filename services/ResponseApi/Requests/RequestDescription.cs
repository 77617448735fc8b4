using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace JanServer.ResponseApi.Requests;

/// <summary>Describes in OpenAPI what <see cref="RequestReader"/> reads, which no type of ours has the shape of.</summary>
internal static class RequestDescription
{
    /// <summary>Describes the body of a route as that of a request for a response.</summary>
    /// <param name="route">The route.</param>
    /// <param name="required">The members that must be there.</param>
    public static RouteHandlerBuilder WithResponseRequest(this RouteHandlerBuilder route, params string[] required) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = Object("OpenAI's CreateResponse.", Members(), required) },
                },
            };
            return Task.CompletedTask;
        });

    private static Dictionary<string, IOpenApiSchema> Members() => new(StringComparer.Ordinal)
    {
        ["model"] = Text("The model's id."),
        ["input"] = Either(
            "What the model is asked: a text, or items such as messages and outputs of functions.", Text(), List(Typed("An item; its members depend on its type."))),
        ["instructions"] = Text("What the model is told first, in this response only."),
        ["conversation"] = Either("The conversation that it belongs to.", Text(), Object(null, new() { ["id"] = Text() }, "id")),
        ["previous_response_id"] = Text("The stored response before it; not together with a conversation."),
        ["stream"] = Flag("Whether it is answered by server-sent events."),
        ["background"] = Flag("Whether it is answered at once and made later; needs store."),
        ["store"] = Flag("Whether it can be read again; true unless told."),
        ["tools"] = List(Typed("function, custom, web_search, file_search, code_interpreter, image_generation, mcp or memory.")),
        ["tool_choice"] = Either("none, auto, required, or the tool that must be used.", Text(), Typed(null)),
        ["parallel_tool_calls"] = Flag("Whether calls are made at the same time; true unless told."),
        ["max_output_tokens"] = Count("The most tokens that the model may generate, reasoning included."),
        ["max_tool_calls"] = Count("The most calls of tools that run here."),
        ["temperature"] = Number(0, 2),
        ["top_p"] = Number(0, 1),
        ["top_logprobs"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0", Maximum = "20" },
        ["reasoning"] = Object(null, new()
        {
            ["effort"] = Choice("none", "minimal", "low", "medium", "high", "xhigh", "max"),
            ["summary"] = Choice("auto", "concise", "detailed"),
        }),
        ["text"] = Object(null, new()
        {
            ["format"] = Typed("text, json_object or json_schema, the latter with name, schema and strict."),
            ["verbosity"] = Choice("low", "medium", "high"),
        }),
        ["truncation"] = Choice("disabled", "auto"),
        ["metadata"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Text(), MaxProperties = 16 },
        ["include"] = List(Choice([.. Includes.All.Order(StringComparer.Ordinal)])),
        ["service_tier"] = Choice("auto", "default", "flex", "scale", "priority", "fast", "ultrafast"),
        ["user"] = Text("The client's own name of its user."),
        ["safety_identifier"] = Text(),
        ["prompt_cache_key"] = Text(),
    };

    private static OpenApiSchema Text(string? description = null) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Flag(string description) => new() { Type = JsonSchemaType.Boolean, Description = description };

    private static OpenApiSchema Count(string description) => new() { Type = JsonSchemaType.Integer, Minimum = "1", Description = description };

    private static OpenApiSchema Number(int least, int most) => new() { Type = JsonSchemaType.Number, Minimum = $"{least}", Maximum = $"{most}" };

    private static OpenApiSchema Choice(params string[] values) =>
        new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => (JsonNode)JsonValue.Create(value))] };

    private static OpenApiSchema List(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema Either(string description, params IOpenApiSchema[] schemas) => new() { Description = description, OneOf = schemas };

    private static OpenApiSchema Typed(string? description) => Object(description, new() { ["type"] = Text() }, "type");

    private static OpenApiSchema Object(string? description, Dictionary<string, IOpenApiSchema> members, params string[] required) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Properties = members,
        Required = new HashSet<string>(required, StringComparer.Ordinal),
    };
}
