using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>The identity provider could not be reached, or answered in a way that accounts cannot act on.</summary>
internal sealed class IdentityProviderException : Exception
{
    private IdentityProviderException(string message, bool isDown, Exception? inner)
        : base(message, inner) => IsDown = isDown;

    /// <summary>Whether it is down, so that trying again later makes sense.</summary>
    public bool IsDown { get; }

    public static IdentityProviderException Down(string what, Exception? inner = null) =>
        new($"The identity provider is down: {what}.", isDown: true, inner);

    public static IdentityProviderException Unexpected(string what, Exception? inner = null) =>
        new($"The identity provider answered unexpectedly: {what}.", isDown: false, inner);
}

/// <summary>Answers 503 while the identity provider is down and 502 when it refuses what accounts needs of it.</summary>
internal sealed class IdentityProviderFailures : IExceptionClassifier
{
    public ApiError? Classify(Exception exception) => exception switch
    {
        IdentityProviderException { IsDown: true } =>
            ApiError.Unavailable("The identity provider cannot be reached; try again.", TimeSpan.FromSeconds(5)),
        IdentityProviderException => ApiError.Upstream("The identity provider refused or failed. The request id finds the reason in the log."),
        _ => null,
    };
}
