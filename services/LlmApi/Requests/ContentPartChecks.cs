using System.Text.Json;

namespace JanServer.LlmApi.Requests;

internal enum ContentPartKind
{
    None,
    Text,
    Refusal,
    Image,
    Audio,
    File,
    Other,
}

/// <summary>The rules of one content part.</summary>
internal static class ContentPartChecks
{
    private const string KnownTypes =
        "it must be one of 'text', 'image_url', 'input_audio', 'file', 'video_url', 'audio_url' and 'refusal'.";

    /// <summary>Checks the part whose first token is current. A part's type may follow the members that it explains.</summary>
    public static bool Check(ref JsonCursor json, out ContentPartKind kind)
    {
        kind = ContentPartKind.None;
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        var found = ContentPartKind.None;
        while (json.NextMember())
        {
            if (json.Is("type"u8))
            {
                json.Json.Read();
                kind = KindOf(ref json);
                if (kind == ContentPartKind.None)
                {
                    return json.Fail(KnownTypes);
                }

                continue;
            }

            var payload = PayloadOf(ref json);
            json.Json.Read();
            if (!CheckPayload(ref json, payload))
            {
                return false;
            }

            found = payload == ContentPartKind.None ? found : payload;
        }

        return kind switch
        {
            ContentPartKind.None => json.Missing(start, "type"),
            _ when kind == found => true,
            ContentPartKind.Text => json.Missing(start, "text"),
            ContentPartKind.Refusal => json.Missing(start, "refusal"),
            ContentPartKind.Image => json.Missing(start, "image_url"),
            ContentPartKind.Audio => json.Missing(start, "input_audio"),
            ContentPartKind.File => json.Missing(start, "file"),
            _ => true,
        };
    }

    private static ContentPartKind KindOf(ref JsonCursor json)
    {
        if (json.Token != JsonTokenType.String)
        {
            return ContentPartKind.None;
        }

        var payload = PayloadOf(ref json);
        return payload != ContentPartKind.None ? payload
            : json.Is("video_url"u8) || json.Is("audio_url"u8) ? ContentPartKind.Other
            : ContentPartKind.None;
    }

    // A part's type is the name of the member that holds its payload.
    private static ContentPartKind PayloadOf(ref JsonCursor json) =>
        json.Is("text"u8) ? ContentPartKind.Text
        : json.Is("image_url"u8) ? ContentPartKind.Image
        : json.Is("input_audio"u8) ? ContentPartKind.Audio
        : json.Is("file"u8) ? ContentPartKind.File
        : json.Is("refusal"u8) ? ContentPartKind.Refusal
        : ContentPartKind.None;

    private static bool CheckPayload(ref JsonCursor json, ContentPartKind payload)
    {
        switch (payload)
        {
            case ContentPartKind.Text or ContentPartKind.Refusal:
                return json.Text();
            case ContentPartKind.Image:
                return CheckImage(ref json);
            case ContentPartKind.Audio:
                return CheckAudio(ref json);
            case ContentPartKind.File:
                return CheckFile(ref json);
            default:
                json.Skip();
                return true;
        }
    }

    private static bool CheckImage(ref JsonCursor json)
    {
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        var url = false;
        while (json.NextMember())
        {
            if (json.Is("url"u8))
            {
                json.Json.Read();
                if (!json.NonEmptyText())
                {
                    return false;
                }

                url = true;
            }
            else if (json.Is("detail"u8))
            {
                json.Json.Read();
                if (json.Token != JsonTokenType.Null && !json.Text())
                {
                    return false;
                }
            }
            else
            {
                json.Json.Read();
                json.Skip();
            }
        }

        return url || json.Missing(start, "url");
    }

    private static bool CheckAudio(ref JsonCursor json)
    {
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        var (data, format) = (false, false);
        while (json.NextMember())
        {
            var isData = json.Is("data"u8);
            var isFormat = json.Is("format"u8);
            json.Json.Read();
            if ((isData || isFormat) && !json.NonEmptyText())
            {
                return false;
            }

            (data, format) = (data || isData, format || isFormat);
            json.Skip();
        }

        return !data ? json.Missing(start, "data") : format || json.Missing(start, "format");
    }

    private static bool CheckFile(ref JsonCursor json)
    {
        var start = json.Start;
        if (!json.OpensObject())
        {
            return false;
        }

        var found = false;
        while (json.NextMember())
        {
            var isReference = json.Is("file_id"u8) || json.Is("file_data"u8);
            json.Json.Read();
            if (isReference && !json.NonEmptyText())
            {
                return false;
            }

            found |= isReference;
            json.Skip();
        }

        return found || json.Fail(start, "it must have 'file_data' or 'file_id'.");
    }
}
