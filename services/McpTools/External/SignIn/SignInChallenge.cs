using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using JanServer.McpTools.External.Servers;

namespace JanServer.McpTools.External.SignIn;

/// <summary>What a server says to a request without a token: RFC 9728 section 5.1 and RFC 6750 section 3.</summary>
/// <param name="Metadata">Where its metadata is.</param>
/// <param name="Scopes">What to ask for.</param>
internal sealed partial record SignInChallenge(Uri? Metadata, IReadOnlyList<string>? Scopes)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Asks the server; an answer that is no challenge says nothing, and so does none.</summary>
    public static async Task<SignInChallenge> AskAsync(ExternalServer server, ServerAddresses addresses, TimeProvider clock, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        using var http = new HttpMessageInvoker(addresses.HandlerFor(server), disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url)
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return Read(response.Headers.WwwAuthenticate);
        }
        catch (Exception e) when ((e is OperationCanceledException && !ct.IsCancellationRequested) || e is HttpRequestException or IOException)
        {
            return new(null, null);
        }
    }

    /// <summary>Reads the header.</summary>
    internal static SignInChallenge Read(IEnumerable<AuthenticationHeaderValue> challenges)
    {
        Uri? metadata = null;
        IReadOnlyList<string>? scopes = null;
        foreach (var challenge in challenges.Where(one => one.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)))
        {
            foreach (Match match in Parameter().Matches(challenge.Parameter ?? ""))
            {
                var value = match.Groups["value"].Value;
                switch (match.Groups["name"].Value.ToLowerInvariant())
                {
                    case "resource_metadata" when Uri.TryCreate(value, UriKind.Absolute, out var uri):
                        metadata = uri;
                        break;
                    case "scope" when value.Length is > 0 and < 2000:
                        scopes = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                        break;
                }
            }
        }

        return new(metadata, scopes);
    }

    [GeneratedRegex("(?<name>[A-Za-z_-]+)\\s*=\\s*(\"(?<value>[^\"]*)\"|(?<value>[^\\s,]+))")]
    private static partial Regex Parameter();
}
