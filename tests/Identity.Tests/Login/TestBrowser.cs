using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;

namespace JanServer.Identity.Tests.Login;

/// <summary>A browser without JavaScript: keeps cookies, fills in forms, and stops where an application would take over.</summary>
public sealed partial class TestBrowser(IdentityHost host) : IDisposable
{
    public const string RedirectUri = "http://localhost:8000/callback";
    public const string Verifier = "a-code-verifier-of-at-least-forty-three-characters";

    private readonly HttpClient _http = host.Browser();

    public static string Challenge { get; } =
        System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public void Dispose() => _http.Dispose();

    public Task<HttpResponseMessage> GetAsync(string address) => _http.GetAsync(new Uri(host.Address, address));

    /// <summary>A valid authorization request of jan-client, with <paramref name="changes"/>; an empty value leaves a parameter out.</summary>
    public Task<HttpResponseMessage> AuthorizeAsync(params (string Name, string Value)[] changes) =>
        GetAsync("/realms/jan/protocol/openid-connect/auth?" + string.Join('&', Parameters(changes).Select(
            pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")));

    public static Dictionary<string, string> Parameters(params (string Name, string Value)[] changes)
    {
        var parameters = new Dictionary<string, string>
        {
            ["client_id"] = "jan-client",
            ["redirect_uri"] = RedirectUri,
            ["response_type"] = "code",
            ["scope"] = "openid",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return parameters.Where(pair => pair.Value.Length > 0).ToDictionary();
    }

    /// <summary>Sends the page's form with its hidden fields and what is typed.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(HttpResponseMessage page, params (string Name, string Value)[] typed)
    {
        var html = await page.Content.ReadAsStringAsync();
        var action = HttpUtility.HtmlDecode(FormAction().Match(html).Groups[1].Value);
        Assert.NotEqual("", action);
        var fields = HiddenField().Matches(html)
            .ToDictionary(field => field.Groups[1].Value, field => HttpUtility.HtmlDecode(field.Groups[2].Value));
        foreach (var (name, value) in typed)
        {
            fields[name] = value;
        }

        using var content = new FormUrlEncodedContent(fields);
        return await _http.PostAsync(new Uri(host.Address, action), content);
    }

    public async Task<HttpResponseMessage> SubmitLoginAsync(HttpResponseMessage page, TestUser user, string password = TestUser.Password) =>
        await SubmitAsync(page, ("username", user.Name), ("password", password));

    /// <summary>Signs in through the page; what the application is told.</summary>
    public async Task<Dictionary<string, string>> SignInAsync(TestUser user, params (string Name, string Value)[] changes)
    {
        using var page = await AuthorizeAsync(changes);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var answer = await SubmitLoginAsync(page, user);
        Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return AnswerOf(answer);
    }

    /// <summary>The parameters of a redirect to the application.</summary>
    public static Dictionary<string, string> AnswerOf(HttpResponseMessage redirect)
    {
        var location = redirect.Headers.Location!;
        Assert.StartsWith(RedirectUri, location.AbsoluteUri, StringComparison.Ordinal);
        var answer = HttpUtility.ParseQueryString(location.Query.Length > 0 ? location.Query : location.Fragment.TrimStart('#'));
        return answer.AllKeys.ToDictionary(key => key!, key => answer[key]!);
    }

    public static Task<HttpResponseMessage> RedeemAsync(IdentityHost host, string code, params (string Name, string Value)[] changes)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "jan-client",
            ["code"] = code,
            ["redirect_uri"] = RedirectUri,
            ["code_verifier"] = Verifier,
        };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }

        return host.TokenAsync("jan", [.. form.Where(pair => pair.Value.Length > 0).Select(pair => (pair.Key, pair.Value))]);
    }

    public static async Task<JsonElement> TokensAsync(IdentityHost host, string code)
    {
        using var answer = await RedeemAsync(host, code);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await IdentityHost.JsonAsync(answer);
    }

    [GeneratedRegex("""<form method="post" action="([^"]*)">""")]
    private static partial Regex FormAction();

    [GeneratedRegex("""<input type="hidden" name="([^"]*)" value="([^"]*)">""")]
    private static partial Regex HiddenField();
}
