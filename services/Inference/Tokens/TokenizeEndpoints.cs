using System.Text.Json;
using JanServer.Inference.Chat;
using JanServer.Inference.Models;
using JanServer.Inference.Requests;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.Inference.Tokens;

internal static class TokenizeEndpoints
{
    public static void MapTokenize(this IEndpointRouteBuilder routes) => routes.MapPost("/tokenize", Tokenize);

    /// <summary>vLLM's <c>/tokenize</c>: of a prompt, the tokens; of messages, how many a chat request with them counts.</summary>
    private static IResult Tokenize([FromBody] JsonElement body, ModelCatalog models)
    {
        var problems = new Problems();
        var fields = Fields.Of(body, problems);
        var model = fields.Text("model") ?? ModelCatalog.Demo;
        var withText = fields.Flag("return_token_strs", otherwise: false);
        var isChat = fields.Has("messages");
        var messages = isChat ? MessageReader.Read(fields, problems) : [];
        var tools = isChat ? ToolReader.Tools(fields, problems) : [];
        var prompt = fields.Text("prompt");
        if (!isChat && !fields.Has("prompt"))
        {
            problems.Missing("prompt");
        }

        if (problems.First is { } problem)
        {
            return problem;
        }

        if (models.Find(model) is not { } card)
        {
            return models.Check(model, "tokenize")!;
        }

        var tokens = isChat ? [.. messages.SelectMany(message => Tokenizer.Split(message.Text))] : Tokenizer.Split(prompt!);
        return TypedResults.Ok(new TokenizeBody(
            isChat ? PromptTokens.Count(messages, tools) : tokens.Count,
            card.MaxModelLen,
            [.. tokens.Select(Tokenizer.IdOf)],
            withText ? tokens : null));
    }
}
