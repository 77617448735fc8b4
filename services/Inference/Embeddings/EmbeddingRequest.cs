using System.Globalization;
using System.Text.Json;
using JanServer.Inference.Requests;
using JanServer.Inference.Tokens;

namespace JanServer.Inference.Embeddings;

/// <summary>A checked embedding request.</summary>
internal sealed record EmbeddingRequest(string Model, IReadOnlyList<EmbeddingInput> Inputs, int Dimensions, bool Base64)
{
    public const int MaxInputs = 2048;

    public static EmbeddingRequest Read(JsonElement json, Problems problems)
    {
        var body = Fields.Of(json, problems);
        var model = body.RequiredText("model");
        var dimensions = body.Integer("dimensions", 1, LexicalEmbedder.MaxDimensions) ?? LexicalEmbedder.DefaultDimensions;
        var format = body.Text("encoding_format") ?? "float";
        if (format is not ("float" or "base64"))
        {
            problems.Invalid("encoding_format", "'encoding_format' must be float or base64.");
        }

        body.Text("user");
        return new(model, EmbeddingInput.Read(body, "input", problems), (int)dimensions, format == "base64");
    }
}

/// <summary>One text to embed, or the token numbers of one.</summary>
internal sealed record EmbeddingInput(string? Text, IReadOnlyList<int> TokenIds)
{
    public int Tokens => Text is null ? TokenIds.Count : Tokenizer.Count(Text);

    public float[] Embed(int dimensions) =>
        Text is null ? LexicalEmbedder.Embed(TokenIds, dimensions) : LexicalEmbedder.Embed(Text, dimensions);

    public static IReadOnlyList<EmbeddingInput> Read(Fields body, string name, Problems problems)
    {
        if (body.Find(name) is not { } input)
        {
            problems.Missing(name);
            return [];
        }

        if (input.ValueKind == JsonValueKind.String)
        {
            return One(input, name, problems) is { } text ? [text] : [];
        }

        if (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() is 0)
        {
            problems.Invalid(name, $"'{name}' must be a string, an array of strings, an array of token numbers or an array of those.");
            return [];
        }

        if (input[0].ValueKind == JsonValueKind.Number)
        {
            return One(input, name, problems) is { } tokens ? [tokens] : [];
        }

        if (input.GetArrayLength() > EmbeddingRequest.MaxInputs)
        {
            problems.Invalid(name, $"'{name}' may have at most {EmbeddingRequest.MaxInputs} texts.");
            return [];
        }

        var index = 0;
        return
        [
            .. input.EnumerateArray()
                .Select(element => One(element, string.Create(CultureInfo.InvariantCulture, $"{name}[{index++}]"), problems))
                .OfType<EmbeddingInput>(),
        ];
    }

    private static EmbeddingInput? One(JsonElement input, string path, Problems problems)
    {
        if (input.ValueKind == JsonValueKind.String && input.GetString() is { Length: > 0 } text)
        {
            return new(text, []);
        }

        if (input.ValueKind == JsonValueKind.Array
            && input.GetArrayLength() > 0
            && input.EnumerateArray().All(token => token.ValueKind == JsonValueKind.Number && token.TryGetInt32(out var id) && id >= 0))
        {
            return new(null, [.. input.EnumerateArray().Select(token => token.GetInt32())]);
        }

        problems.Invalid(path, $"'{path}' must be a non-empty string or a non-empty array of token numbers.");
        return null;
    }
}
