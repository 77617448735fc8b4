using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Settings;

/// <summary>
/// Takes what administrators disallow out of a tool's result, wherever it stands: elements of arrays that hold it are left out and the
/// positions of those that stay numbered anew, paragraphs of texts are left out, and other strings are replaced. What clients read as
/// text is treated in the same way.
/// </summary>
internal sealed class KeywordFilter(IReadOnlyList<Regex> disallowed)
{
    /// <summary>What stands in the place of a string that is not shown.</summary>
    public const string Withheld = "[withheld]";

    private const string Position = "position";

    /// <summary>The result as callers may see it.</summary>
    public CallToolResult Apply(CallToolResult result)
    {
        if (disallowed.Count == 0)
        {
            return result;
        }

        return new()
        {
            Content = [.. result.Content.Select(Block).OfType<ContentBlock>()],
            StructuredContent = result.StructuredContent is { } structured ? Json(structured) : null,
            IsError = result.IsError,
            Meta = result.Meta is { } meta ? (JsonObject)Node(meta.DeepClone())! : null,
            ResultType = result.ResultType,
        };
    }

    private ContentBlock? Block(ContentBlock block) => block switch
    {
        TextContentBlock text => new TextContentBlock { Text = Text(text.Text), Annotations = text.Annotations, Meta = text.Meta },
        EmbeddedResourceBlock { Resource: TextResourceContents resource } embedded => IsDisallowed(resource.Uri) ? null : new EmbeddedResourceBlock
        {
            Resource = new TextResourceContents { Uri = resource.Uri, MimeType = resource.MimeType, Text = Text(resource.Text), Meta = resource.Meta },
            Annotations = embedded.Annotations,
            Meta = embedded.Meta,
        },
        EmbeddedResourceBlock { Resource: var resource } => IsDisallowed(resource.Uri) ? null : block,
        ResourceLinkBlock link => IsDisallowed(link.Uri) || IsDisallowed(link.Name) || IsDisallowed(link.Title) || IsDisallowed(link.Description) ? null : block,
        _ => block,
    };

    /// <summary>Text that is JSON is filtered as such, any other by paragraph.</summary>
    private string Text(string text)
    {
        if (!IsDisallowed(text) && !text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        if (text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            try
            {
                return Json(JsonElement.Parse(text)).GetRawText();
            }
            catch (JsonException)
            {
                // It only looks like JSON.
                return Paragraphs(text);
            }
        }

        return Paragraphs(text);
    }

    private JsonElement Json(JsonElement element)
    {
        JsonNode? node = element.ValueKind switch
        {
            JsonValueKind.Object => JsonObject.Create(element),
            JsonValueKind.Array => JsonArray.Create(element),
            JsonValueKind.String => JsonValue.Create(element),
            _ => null,
        };
        return Holds(node) ? JsonElement.Parse(ToolResults.TextOf(JsonElement.Parse(Node(node)!.ToJsonString()))) : element;
    }

    private JsonNode? Node(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject one:
                foreach (var (name, value) in one.ToList())
                {
                    if (IsDisallowed(name))
                    {
                        one.Remove(name);
                    }
                    else if (value is not null && Node(value) is var kept && !ReferenceEquals(kept, value))
                    {
                        one[name] = kept;
                    }
                }

                return one;
            case JsonArray list:
                Elements(list);
                return list;
            case JsonValue value when value.GetValueKind() is JsonValueKind.String && value.GetValue<string>() is var text && IsDisallowed(text):
                return JsonValue.Create(Paragraphs(text));
            default:
                return node;
        }
    }

    /// <summary>Lists within an element are filtered before the element is judged, so that one bad entry of a list within does not cost the whole.</summary>
    private void Elements(JsonArray list)
    {
        var first = PositionOf(list.FirstOrDefault());
        var removed = false;
        for (var i = list.Count - 1; i >= 0; i--)
        {
            FilterLists(list[i]);
            if (Holds(list[i]))
            {
                list.RemoveAt(i);
                removed = true;
            }
        }

        if (!removed || first is not { } position)
        {
            return;
        }

        foreach (var element in list)
        {
            if (PositionOf(element) is not null)
            {
                element![Position] = position++;
            }
        }
    }

    private void FilterLists(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            Elements(list);
        }
        else if (node is JsonObject one)
        {
            foreach (var (_, value) in one)
            {
                FilterLists(value);
            }
        }
    }

    private bool Holds(JsonNode? node) => node switch
    {
        JsonObject one => one.Any(member => IsDisallowed(member.Key) || Holds(member.Value)),
        JsonArray list => list.Any(Holds),
        JsonValue value => value.GetValueKind() is JsonValueKind.String && IsDisallowed(value.GetValue<string>()),
        _ => false,
    };

    private string Paragraphs(string text)
    {
        if (!IsDisallowed(text))
        {
            return text;
        }

        // Where no line is empty, each is a paragraph.
        var separator = text.Contains("\n\n", StringComparison.Ordinal) ? "\n\n" : "\n";
        var kept = string.Join(separator, text.Split(separator).Where(paragraph => !IsDisallowed(paragraph)));

        // What still matches does so across paragraphs; what is empty was nothing else.
        return string.IsNullOrWhiteSpace(kept) || IsDisallowed(kept) ? Withheld : kept;
    }

    private static long? PositionOf(JsonNode? element) =>
        element is JsonObject one && one[Position] is JsonValue value && value.TryGetValue<long>(out var position) ? position : null;

    private bool IsDisallowed(string? text) => text is not null && disallowed.Any(regex => regex.IsMatch(text));
}
