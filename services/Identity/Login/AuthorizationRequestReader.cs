using System.Globalization;
using JanServer.Identity.Clients;
using JanServer.Identity.Pages;
using JanServer.Identity.Realms;
using JanServer.Identity.Tokens;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Login;

/// <summary>
/// Reads authorization requests. What is wrong before the redirect address is known to be the client's is told to the user; what is
/// wrong afterwards is told to the client (RFC 6749 section 4.1.2.1).
/// </summary>
internal sealed class AuthorizationRequestReader(ClientCatalog clients, IOptions<RealmOptions> options)
{
    /// <summary>The request, or the answer that refuses it. One of the two is null.</summary>
    public (AuthorizationRequest? Request, IResult? Refusal) Read(Realm realm, TokenForm parameters)
    {
        if (clients.Find(realm, parameters["client_id"]) is not { } client)
        {
            return (null, Refuse("The application that sent you here is not registered (client_id)."));
        }

        if (parameters["redirect_uri"] is not { } redirectUri || !client.AllowsRedirectTo(redirectUri))
        {
            return (null, Refuse($"The address to return to is missing, or is not one that {client.Id} registered (redirect_uri)."));
        }

        var to = new ReturnAddress(redirectUri, parameters["response_mode"] == "fragment", parameters["state"], realm.Issuer);
        if (Problem(client, parameters) is var (error, description))
        {
            return (null, to.WithError(error, description));
        }

        if (Scope.Grant(parameters["scope"]) is not { } scope)
        {
            return (null, to.WithError("invalid_scope", "Invalid scopes"));
        }

        var maxAge = parameters["max_age"] is { } age ? int.Parse(age, CultureInfo.InvariantCulture) : (int?)null;
        return (new AuthorizationRequest(client, to, scope, parameters) { MaxAge = maxAge }, null);
    }

    public static HtmlPage Refuse(string why) => HtmlPage.Message(StatusCodes.Status400BadRequest, "This sign-in link does not work", why);

    public bool MayRegister(Realm realm) => options.Value.RegistrationAllowed && realm.Name == Realm.Jan;

    private (string Error, string Description)? Problem(Client client, TokenForm parameters)
    {
        if (!client.Settings.StandardFlow)
        {
            return ("unauthorized_client", "Client is not allowed to initiate browser login with standard flow");
        }

        if (parameters["request"] is not null)
        {
            return ("request_not_supported", "Request objects are not supported");
        }

        if (parameters["request_uri"] is not null)
        {
            return ("request_uri_not_supported", "Request objects are not supported");
        }

        if (parameters["response_mode"] is not (null or "query" or "fragment"))
        {
            return ("invalid_request", "response_mode must be query or fragment");
        }

        return parameters["response_type"] switch
        {
            null => ("invalid_request", "Missing parameter: response_type"),
            "code" => PkceProblem(client, parameters) ?? PromptProblem(client, parameters),
            _ => ("unsupported_response_type", "response_type must be code"),
        };
    }

    private static (string Error, string Description)? PkceProblem(Client client, TokenForm parameters) =>
        (parameters["code_challenge"], parameters["code_challenge_method"]) switch
        {
            (null, null) => client.IsPublic ? ("invalid_request", "Missing parameter: code_challenge") : null,
            (null, _) => ("invalid_request", "Missing parameter: code_challenge"),
            (_, not Pkce.Method) => ("invalid_request", "code_challenge_method must be S256"),
            var (challenge, _) => Pkce.IsChallenge(challenge) ? null : ("invalid_request", "Invalid parameter: code_challenge"),
        };

    private (string Error, string Description)? PromptProblem(Client client, TokenForm parameters)
    {
        var prompts = Prompts.Of(parameters);
        if (!prompts.AreValid || (prompts.DemandRegistration && (!options.Value.RegistrationAllowed || client.Settings.Realm != Realm.Jan)))
        {
            return ("invalid_request", "Invalid parameter: prompt");
        }

        var isAge = int.TryParse(parameters["max_age"] ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return isAge ? null : ("invalid_request", "Invalid parameter: max_age");
    }
}
