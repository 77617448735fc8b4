using JanServer.ServiceDefaults.Errors;

namespace JanServer.Inference.Requests;

/// <summary>Keeps the first thing that is wrong with a request; the reader goes on, so one pass reads the whole body.</summary>
internal sealed class Problems
{
    public ApiError? First { get; private set; }

    public void Add(ApiError problem) => First ??= problem;

    public void Invalid(string param, string message) => Add(ApiError.Invalid(param, message));

    public void Missing(string param) => Add(ApiError.Missing(param));
}
