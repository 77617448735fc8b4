namespace JanServer.ServiceDefaults.Errors;

/// <summary>
/// Says which exceptions of a library mean something a caller can act on, such as a database that is down (503). Anything no
/// classifier knows is a bug: 500, logged with its stack.
/// </summary>
public interface IExceptionClassifier
{
    /// <summary>Returns the error to answer with, or null when the exception is not known here.</summary>
    ApiError? Classify(Exception exception);
}
