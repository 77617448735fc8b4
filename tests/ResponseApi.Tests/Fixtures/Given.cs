using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.Testing.Identity;

namespace JanServer.ResponseApi.Tests.Fixtures;

/// <summary>Requests and responses of tests, from the JSON that a client would send.</summary>
internal static class Given
{
    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    public static ResponseRequest Request(string json)
    {
        var (request, error) = RequestReader.Read(Json(json));
        Assert.True(error is null, $"{error?.Param}: {error?.Message}");
        return request!;
    }

    public static Response Response(string json, params ContextItem[] context)
    {
        var request = Request(json);
        var (input, error) = InputReader.Read(request.Input, TimeProvider.System);
        Assert.True(error is null, $"{error?.Param}: {error?.Message}");
        return new()
        {
            Id = Id<Response>.New(TimeProvider.System),
            Caller = TestCallers.User(),
            Request = request,
            Context = context,
            Input = input!,
            CreatedAt = DateTimeOffset.UtcNow,
        };
    }

    public static IReadOnlyList<ContextItem> Items(string json)
    {
        var (items, error) = InputReader.Read(Json(json), TimeProvider.System);
        Assert.True(error is null, $"{error?.Param}: {error?.Message}");
        return items!;
    }
}
