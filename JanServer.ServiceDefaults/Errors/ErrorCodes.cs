namespace JanServer.ServiceDefaults.Errors;

/// <summary>The closed vocabulary of <c>error.code</c>. A client may switch on these; they are never renamed.</summary>
public static class ErrorCodes
{
    /// <summary>400: a field or parameter has a value it may not have; <c>param</c> names it.</summary>
    public const string InvalidValue = "invalid_value";

    /// <summary>400: a field that is needed is absent; <c>param</c> names it.</summary>
    public const string MissingRequiredParameter = "missing_required_parameter";

    /// <summary>400: the body is not JSON, or not of the type the endpoint reads.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>400: the prompt does not fit the model's context.</summary>
    public const string ContextLengthExceeded = "context_length_exceeded";

    /// <summary>401: no credential was sent.</summary>
    public const string MissingCredentials = "missing_credentials";

    /// <summary>401: the credential is malformed, unknown, expired, revoked or not for this server.</summary>
    public const string InvalidCredentials = "invalid_api_key";

    /// <summary>403: the credential is good but lacks the role or scope.</summary>
    public const string PermissionDenied = "permission_denied";

    /// <summary>404: nothing the caller may see has that id, or no route has that path.</summary>
    public const string NotFound = "not_found";

    /// <summary>404: no model the caller may use has that id (OpenAI's code).</summary>
    public const string ModelNotFound = "model_not_found";

    /// <summary>405: the route exists, the method does not.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>409: the request contradicts what is stored.</summary>
    public const string Conflict = "conflict";

    /// <summary>410: it was there and is no more: revoked or expired.</summary>
    public const string Gone = "gone";

    /// <summary>413: the body is larger than the endpoint takes.</summary>
    public const string RequestTooLarge = "request_too_large";

    /// <summary>415: the endpoint reads another content type.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>429: a limit is reached; <c>Retry-After</c> says when to come back (OpenAI's code).</summary>
    public const string RateLimitExceeded = "rate_limit_exceeded";

    /// <summary>500: a bug of ours; the log has the request id.</summary>
    public const string InternalError = "internal_error";

    /// <summary>501: the reference API has the route, this server does not offer it.</summary>
    public const string NotImplemented = "not_implemented";

    /// <summary>502: the model's server failed or answered garbage.</summary>
    public const string UpstreamError = "upstream_error";

    /// <summary>503: something this request needs is down or full; try again.</summary>
    public const string Unavailable = "service_unavailable";

    /// <summary>503: this machine cannot isolate code, so none is run; the message says what it lacks.</summary>
    public const string SandboxUnavailable = "sandbox_unavailable";

    /// <summary>504: the model's server did not answer in time.</summary>
    public const string UpstreamTimeout = "upstream_timeout";
}
