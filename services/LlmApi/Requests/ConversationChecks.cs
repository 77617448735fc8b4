using System.Text.Json;

namespace JanServer.LlmApi.Requests;

/// <summary>Checks <c>conversation</c>: an id, or an object with one. Without an id, or with an empty one, a conversation begins.</summary>
internal static class ConversationChecks
{
    private const int MaxLength = 128;

    public static bool Read(ref JsonCursor json, out ConversationRef? conversation)
    {
        conversation = new(null);
        if (json.Token == JsonTokenType.String)
        {
            return ReadId(ref json, ref conversation);
        }

        if (json.Token != JsonTokenType.StartObject)
        {
            return json.Fail("it must be the id of a conversation, or an object with its 'id'.");
        }

        while (json.NextMember())
        {
            var isId = json.Is("id"u8);
            json.Json.Read();
            if (isId && json.Token != JsonTokenType.Null && !(json.Text() && ReadId(ref json, ref conversation)))
            {
                return false;
            }

            json.Skip();
        }

        return true;
    }

    private static bool ReadId(ref JsonCursor json, ref ConversationRef? conversation)
    {
        var id = json.Json.GetString()!;
        conversation = new(id.Length == 0 ? null : id);
        return id.Length <= MaxLength || json.Fail($"it must be at most {MaxLength} characters.");
    }
}
