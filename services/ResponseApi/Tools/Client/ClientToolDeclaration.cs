using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Client;

/// <summary>
/// OpenAI's <c>function</c> and <c>custom</c>, and the form that chat completions give them. A custom tool is offered as a function with one
/// argument, <c>input</c>; models without constrained output are told of a grammar in words.
/// </summary>
/// <param name="Type"><c>function</c> or <c>custom</c>.</param>
/// <param name="Path">Where its name is, such as <c>tools[0].name</c>.</param>
/// <param name="Function">What the model is offered.</param>
internal sealed record ClientToolDeclaration(string Type, string Path, ModelFunction Function) : IToolDeclaration
{
    public const string FunctionType = "function";
    public const string CustomType = "custom";

    // OpenAI takes 128 here; what a model's server takes is for that server to say.
    private const int MaxName = 128;

    private static readonly JsonElement NoParameters = ItemJson.Build(json =>
    {
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        json.WriteEndObject();
    });

    public static ClientToolDeclaration Read(string type, FieldReader tool)
    {
        // Chat completions, and the reference, describe it one level deeper.
        var fields = tool.Has("name") ? tool : tool.Object(type) ?? tool;
        var name = fields.NeedText("name", most: MaxName);
        if (name.Length > 0 && !FunctionNames.IsValid(name, MaxName))
        {
            fields.Fail("name", "It may have letters, digits, '_' and '-' only.");
        }

        var description = fields.Text("description");
        return new(type, fields.PathOf("name"), type is CustomType ? Custom(fields, name, description) : Declared(fields, name, description));
    }

    public ValueTask<ApiError?> AddToAsync(ToolSetBuilder set, CancellationToken ct)
    {
        if (set.IsTaken(Function.Name))
        {
            return ValueTask.FromResult<ApiError?>(ApiError.Invalid(Path, $"Two tools are called '{Function.Name}'."));
        }

        set.Add(
            new ClientTool(Function, Type is CustomType ? ClientTool.CustomCall : ClientTool.FunctionCall),
            ToolNames.Key(Type, Function.Name));
        return ValueTask.FromResult<ApiError?>(null);
    }

    private static ModelFunction Declared(FieldReader fields, string name, string? description)
    {
        var parameters = fields.Object("parameters")?.Value ?? NoParameters;
        return new(name, description, parameters, fields.Flag("strict"));
    }

    private static ModelFunction Custom(FieldReader fields, string name, string? description)
    {
        var rule = "";
        if (fields.Object("format") is { } format && format.Choice("type", "text", "grammar") is "grammar")
        {
            // OpenAI's two forms: flat in responses, within "grammar" in chat completions.
            var grammar = format.Has("definition") ? format : format.Object("grammar") ?? format;
            var syntax = grammar.Choice("syntax", "lark", "regex") ?? "lark";
            rule = $"It must match this {syntax} grammar: {grammar.NeedText("definition")}";
        }

        return new(name, description, ItemJson.Build(json =>
        {
            json.WriteString("type", "object");
            json.WriteStartObject("properties");
            json.WriteStartObject("input");
            json.WriteString("type", "string");
            json.WriteString("description", $"The whole input of the tool, as text. {rule}".TrimEnd());
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartArray("required");
            json.WriteStringValue("input");
            json.WriteEndArray();
            json.WriteBoolean("additionalProperties", false);
        }));
    }
}
