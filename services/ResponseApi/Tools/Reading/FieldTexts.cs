using JanServer.ResponseApi.Requests;

namespace JanServer.ResponseApi.Tools.Reading;

internal static class FieldTexts
{
    /// <summary>An array of strings that are not empty; null when it is absent.</summary>
    public static IReadOnlyList<string>? Texts(this FieldReader fields, string name, int maxCount, int maxLength)
    {
        if (!fields.Has(name))
        {
            return null;
        }

        var texts = new List<string>();
        foreach (var (value, _) in fields.Array(name, maxCount))
        {
            if (value.ValueKind is System.Text.Json.JsonValueKind.String && FieldReader.TextOf(value) is { Length: > 0 } text && text.Length <= maxLength)
            {
                texts.Add(text);
                continue;
            }

            fields.Fail($"{name}[{texts.Count}]", $"It must be a string of 1 to {maxLength} characters.");
            break;
        }

        return texts;
    }
}
