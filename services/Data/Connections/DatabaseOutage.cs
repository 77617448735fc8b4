using JanServer.ServiceDefaults.Errors;

namespace JanServer.Data.Connections;

/// <summary>A database that is away is a 503 that may be tried again, not a bug.</summary>
internal sealed class DatabaseOutage : IExceptionClassifier
{
    public ApiError? Classify(Exception exception) =>
        DatabaseFailure.IsTransient(exception) ? ApiError.Unavailable("The database is not available at the moment. Try again.") : null;
}
