using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Secrets;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.ResponseApi.Compaction;

/// <summary>
/// Items that stand for a conversation in few words. The words are encrypted, so that only this server reads them, and only for the user and
/// project that they were made for.
/// </summary>
internal sealed class CompactionItems(SecretBox box, TimeProvider clock)
{
    public const string Type = "compaction";

    private const string Purpose = "compaction";
    private const string Introduction = "Summary of the conversation so far, which was shortened:\n\n";

    /// <summary>The item that holds a summary.</summary>
    public JsonElement Seal(Caller owner, string summary) => ItemJson.Build(json =>
    {
        json.WriteString("id"u8, ItemIds.New(Type, clock));
        json.WriteString("type"u8, Type);
        json.WriteBase64String("encrypted_content"u8, box.Seal(Purpose, Bound(owner), Encoding.UTF8.GetBytes(summary)));
    });

    /// <summary>What the model is shown in place of an item; false when it was not made here for this owner.</summary>
    public bool TryOpen(Caller owner, JsonElement item, [NotNullWhen(true)] out JsonElement? message)
    {
        message = null;
        var text = item.Text("encrypted_content") ?? "";
        var blob = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, blob, out var length) || box.Open(Purpose, Bound(owner), blob.AsSpan(0, length)) is not { } summary)
        {
            return false;
        }

        message = ItemJson.Build(json =>
        {
            json.WriteString("id"u8, item.Text("id") ?? ItemIds.New(Type, clock));
            json.WriteString("type"u8, "message"u8);
            json.WriteString("role"u8, "developer"u8);
            json.WriteString("status"u8, "completed"u8);
            json.WriteStartArray("content"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "input_text"u8);
            json.WriteString("text"u8, Introduction + Encoding.UTF8.GetString(summary));
            json.WriteEndObject();
            json.WriteEndArray();
        });
        return true;
    }

    private static string Bound(Caller owner) => $"{owner.UserId}/{owner.ProjectId}";
}
