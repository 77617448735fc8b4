using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Resilience;

namespace JanServer.ResponseApi.Contexts;

/// <summary>The conversations of llm-api, as the caller may see them.</summary>
internal sealed class ConversationClient(HttpClient http)
{
    /// <summary>How many items llm-api takes at once.</summary>
    public const int MaxAppended = 20;

    private const int PageSize = 100;

    /// <summary>The newest items of a conversation, at most <paramref name="most"/>, oldest first.</summary>
    public async Task<(List<JsonElement>? Items, ApiError? Error)> ListAsync(Caller caller, string conversation, int most, CancellationToken ct)
    {
        var items = new List<JsonElement>();
        string? after = null;
        while (items.Count < most)
        {
            var path = $"v1/conversations/{Uri.EscapeDataString(conversation)}/items?order=desc&limit={PageSize}";
            var (page, error) = await GetAsync(caller, after is null ? path : $"{path}&after={Uri.EscapeDataString(after)}", ct);
            if (page is not { } json)
            {
                return (null, error);
            }

            items.AddRange(json.GetProperty("data").EnumerateArray());
            if (!json.GetProperty("has_more").GetBoolean())
            {
                break;
            }

            after = json.Text("last_id");
        }

        items.Reverse();
        return (items, null);
    }

    /// <summary>Appends items, all or none.</summary>
    /// <returns>The status that llm-api answered with: 200, 409 when one of the ids is there, 404 when the conversation is gone.</returns>
    public async Task<HttpStatusCode> AppendAsync(Caller caller, string conversation, IEnumerable<JsonElement> items, CancellationToken ct)
    {
        var body = ItemJson.Build(json =>
        {
            json.WriteStartArray("items"u8);
            foreach (var item in items)
            {
                item.WriteTo(json);
            }

            json.WriteEndArray();
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"v1/conversations/{Uri.EscapeDataString(conversation)}/items")
        {
            Content = new StringContent(body.GetRawText(), MediaTypeHeaderValue.Parse("application/json")),
        };
        using var response = await http.SendAsync(request.For(caller), ct);
        return response.StatusCode;
    }

    private async Task<(JsonElement? Page, ApiError? Error)> GetAsync(Caller caller, string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await http.SendAsync(request.For(caller), ct);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return (null, new(StatusCodes.Status404NotFound, ErrorCodes.NotFound, "No conversation was found with that id.", "conversation"));
        }

        if (response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            return (null, ApiError.Forbidden("This credential may not read conversations."));
        }

        if (!response.IsSuccessStatusCode)
        {
            return (null, ApiError.Unavailable("The conversation cannot be read now; try again.", TimeSpan.FromSeconds(1)));
        }

        return (ItemJson.Parse(await response.Content.ReadAsByteArrayAsync(ct)), null);
    }
}
