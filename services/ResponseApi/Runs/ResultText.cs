using System.Globalization;

namespace JanServer.ResponseApi.Runs;

/// <summary>What the model is told of a result: the text, or as much of it as fits, with a word about the rest.</summary>
internal static class ResultText
{
    public static string Fit(string text, int maxTokens)
    {
        if (TokenCount.CutTo(text, maxTokens) is not { } cut)
        {
            return text;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{cut}\n\n[The result was cut here: {text.Length - cut.Length} of {text.Length} characters are not shown. Ask for less, or for the rest, if you need it.]");
    }
}
