namespace JanServer.ResponseApi.Responses;

/// <summary>An answer that is written as it comes about. A client that leaves is no failure.</summary>
internal sealed class StreamResult(Func<HttpContext, Task> write) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await write(httpContext);
        }
        catch (Exception gone) when (httpContext.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            httpContext.Abort();
        }
    }
}
