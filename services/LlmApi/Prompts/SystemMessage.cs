using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Prompts;

/// <summary>
/// Merges text into the one system message. The caller's own stays as it is, in the middle; without one a new message comes first. Many
/// chat templates take a single system message, and only as the first.
/// </summary>
internal static class SystemMessage
{
    private const string Gap = "\n\n";

    public static void Merge(ReadOnlySpan<byte> body, MessageMap map, ComposedPrompt prompt, EditList edits)
    {
        if (prompt.Applied.Count == 0)
        {
            return;
        }

        var first = map.Messages[0];
        if (!first.IsInstruction)
        {
            var gap = prompt.Before.Length > 0 && prompt.After.Length > 0 ? Gap : "";
            edits.Insert(map.Array.Start + 1, Bytes("{\"role\":\"system\",\"content\":\"", prompt.Before + gap + prompt.After, "\"},"));
        }
        else if (first.Kind == ContentKind.Parts)
        {
            Insert(edits, first.Content.Start + 1, "{\"type\":\"text\",\"text\":\"", prompt.Before, "\"},");
            Insert(edits, first.Content.End - 1, ",{\"type\":\"text\",\"text\":\"", prompt.After, "\"}");
        }
        else
        {
            // An empty message of the caller's needs no gap.
            var gap = first.Content.Of(body).Length > 2 ? Gap : "";
            Insert(edits, first.Content.Start + 1, "", prompt.Before.Length > 0 ? prompt.Before + gap : "", "");
            Insert(edits, first.Content.End - 1, "", prompt.After.Length > 0 ? (gap.Length > 0 || prompt.Before.Length > 0 ? Gap : "") + prompt.After : "", "");
        }
    }

    private static void Insert(EditList edits, int at, string start, string text, string end)
    {
        if (text.Length > 0)
        {
            edits.Insert(at, Bytes(start, text, end));
        }
    }

    private static Replacement Bytes(string start, string text, string end)
    {
        byte[] bytes = [.. System.Text.Encoding.UTF8.GetBytes(start), .. JsonText.Inside(text), .. System.Text.Encoding.UTF8.GetBytes(end)];
        return Replacement.Of(bytes);
    }
}
