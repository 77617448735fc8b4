using System.Diagnostics.CodeAnalysis;
using JanServer.ResponseApi.Requests;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>
/// The address that a request names itself, as the reference has it: <c>metadata.webhook_url</c> or <c>webhookUrl</c>, and
/// <c>metadata.webhook_events</c>, which is a list with commas or a JSON array, with or without <c>response.</c> before each.
/// </summary>
internal static class WebhookTargets
{
    public const int MaxUrlLength = 2048;

    private static readonly string[] UrlNames = ["webhook_url", "webhookUrl"];

    /// <summary>What is wrong with the address of a request; null when nothing is or there is none.</summary>
    public static ApiError? Check(ResponseRequest request)
    {
        foreach (var name in UrlNames)
        {
            if (request.Metadata.TryGetValue(name, out var text) && !TryParse(text, out _))
            {
                return ApiError.Invalid($"metadata.{name}", "It must be an http or https URL without user and password.");
            }
        }

        return null;
    }

    /// <summary>Where a request wants to be told of an event; null when it does not.</summary>
    public static string? Find(ResponseRequest request, string name)
    {
        var url = UrlNames.Select(member => request.Metadata.GetValueOrDefault(member)).FirstOrDefault(text => TryParse(text, out _));
        return url is not null && Wants(request.Metadata.GetValueOrDefault("webhook_events"), name) ? url : null;
    }

    /// <summary>Reads a URL that may be told things; whether its host may be reached shows when it is.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        return text is { Length: > 0 and <= MaxUrlLength }
            && !text.Any(char.IsControl)
            && Uri.TryCreate(text, UriKind.Absolute, out url)
            && url.UserInfo.Length == 0
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
    }

    private static bool Wants(string? events, string name)
    {
        var wanted = (events ?? "").Split([',', ' ', '[', ']', '"'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return wanted.Length == 0 || wanted.Any(one => one is "*" or "all" || one == name || $"response.{one}" == name);
    }
}
