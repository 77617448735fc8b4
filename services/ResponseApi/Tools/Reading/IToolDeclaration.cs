using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Reading;

/// <summary>A tool of the request, read and found well-formed.</summary>
internal interface IToolDeclaration
{
    /// <summary>Adds its functions to the set.</summary>
    /// <returns>Why the request cannot be served; null when it can.</returns>
    ValueTask<ApiError?> AddToAsync(ToolSetBuilder set, CancellationToken ct);
}
