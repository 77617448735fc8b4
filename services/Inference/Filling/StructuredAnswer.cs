using System.Text.Json.Nodes;
using JanServer.Inference.Chat;
using JanServer.Inference.Demo;
using JanServer.Inference.ToolUse;

namespace JanServer.Inference.Filling;

/// <summary>Answers with JSON: an instance of the requested schema, or an object with what the user said.</summary>
internal static class StructuredAnswer
{
    /// <summary>Returns null when the schema has no instance that can be made.</summary>
    public static string? Make(ResponseFormat format, Turn turn)
    {
        var context = string.Join('\n', turn.UserTexts.TakeLast(6).Reverse().Concat(turn.Results.Select(result => result.Result)));
        var text = turn.User.Length > 0 && !context.StartsWith(turn.User, StringComparison.Ordinal) ? $"{turn.User}\n{context}" : context;
        var evidence = new Evidence(BoundedText.Of(text), Sentences.Shorten(turn.User, 200), turn.Facts, []);
        if (format.Schema is { } schema)
        {
            return SchemaInstance.TryCreate(schema, evidence, out var made) && made is not null ? ToolArguments.ToText(made) : null;
        }

        return ToolArguments.ToText(FreeObject(turn));
    }

    /// <summary>Without a schema the object tells what is known of the user, or else repeats the request.</summary>
    private static JsonObject FreeObject(Turn turn)
    {
        var made = new JsonObject();
        foreach (var (key, value) in turn.Facts.All)
        {
            made[key.Replace(' ', '_')] = value;
        }

        if (made.Count == 0)
        {
            made["request"] = Sentences.Shorten(turn.User, 200);
            made["note"] = "jan-demo follows rules; connect a real model for a real answer.";
        }

        return made;
    }
}
