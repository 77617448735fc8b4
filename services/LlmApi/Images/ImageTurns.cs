using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Conversations.Items;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Images;

/// <summary>
/// Makes a prompt and its images items of a conversation: the message of the user, and a call for each image. They are written together
/// with the usage. Images are named by their ids, since links end.
/// </summary>
internal sealed class ImageTurns(LlmContext db, TimeProvider clock)
{
    private const string Generation = "image_generation_call";
    private const string Edit = "image_edit_call";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The conversation that a request names; null when it names none or does not want to be stored, or why it cannot be used.</summary>
    public async Task<(Id<Conversation>? Conversation, ApiError? Error)> FindAsync(ImageRequest request, Caller caller, CancellationToken ct)
    {
        if (request.ConversationId is null || !request.Store)
        {
            return (null, null);
        }

        if (!caller.Has(Scopes.Conversations))
        {
            return (null, ApiError.Forbidden($"Conversations take a key with the scope '{Scopes.Conversations}'."));
        }

        var id = Id<Conversation>.Parse(request.ConversationId);
        return await db.Conversations.AnyAsync(
                conversation => conversation.Id == id && conversation.UserId == caller.UserId && conversation.ProjectId == caller.ProjectId, ct)
            ? (id, null)
            : (null, new(StatusCodes.Status404NotFound, ErrorCodes.NotFound, "No conversation was found with that id.", "conversation"));
    }

    /// <summary>The items for the end of the active branch.</summary>
    public NewItems ItemsOf(Id<Conversation> conversation, ImageRequest request, string model, IReadOnlyList<ImageResource> images)
    {
        var now = clock.GetUtcNow();
        var content = new ContentBuilder().AddText(ContentTypes.InputText, request.Prompt);
        foreach (var source in request.Images.Where(source => MediaRef.IsId(source.Text)))
        {
            content.Add(json => WriteImage(json, "input_image", source.Text!));
        }

        return new(conversation,
        [
            new()
            {
                Id = Id<ConversationItem>.New(clock),
                ConversationId = conversation,
                Type = ItemVocabulary.Message,
                Role = ItemVocabulary.User,
                Status = ItemVocabulary.Completed,
                Content = content.Build(),
                CompletedAt = now,
                CreatedAt = now,
            },
            .. images.Select(image => new ConversationItem
            {
                Id = Id<ConversationItem>.New(clock),
                ConversationId = conversation,
                Type = request.Images.Count > 0 ? Edit : Generation,
                Role = ItemVocabulary.Assistant,
                Status = ItemVocabulary.Completed,
                Content = image.Id is { } id ? new ContentBuilder().Add(json => WriteImage(json, "output_image", id)).Build() : null,
                Output = image.Id,
                Extra = ExtraOf(model, image.RevisedPrompt),
                CompletedAt = now,
                CreatedAt = now,
            }),
        ]);
    }

    private static void WriteImage(Utf8JsonWriter json, string type, string id)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString("file_id"u8, id);
        json.WriteEndObject();
    }

    private static string ExtraOf(string model, string? revisedPrompt)
    {
        var extra = new JsonObject { ["model"] = model };
        if (revisedPrompt is not null)
        {
            extra["revised_prompt"] = StorableText.Of(revisedPrompt);
        }

        return extra.ToJsonString(Relaxed);
    }
}
