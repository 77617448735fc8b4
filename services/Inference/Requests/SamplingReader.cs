using System.Globalization;
using System.Text.Json;
using JanServer.Inference.Generation;

namespace JanServer.Inference.Requests;

/// <summary>Reads the fields that chat and text completion share.</summary>
internal static class SamplingReader
{
    private const int MaxChoices = 8;
    private const int MaxStops = 4;

    public static Sampling Read(Fields body, Problems problems)
    {
        var temperature = body.Number("temperature", 0, 2);
        body.Number("top_p", 0, 1);
        body.Number("presence_penalty", -2, 2);
        body.Number("frequency_penalty", -2, 2);
        body.Object("logit_bias");
        body.Text("user");

        var choices = body.Integer("n", 1, MaxChoices) ?? 1;
        var maxTokens = body.Integer("max_completion_tokens", 1, int.MaxValue) ?? body.Integer("max_tokens", 1, int.MaxValue);
        var seed = temperature is 0 ? 0 : body.Integer("seed", long.MinValue, long.MaxValue) ?? 0;
        var stream = body.Flag("stream", otherwise: false);
        return new((int)choices, (int?)maxTokens, Stops(body, problems), seed, stream, IncludeUsage(body, stream, problems));
    }

    private static bool IncludeUsage(Fields body, bool stream, Problems problems)
    {
        if (body.Object("stream_options") is not { } options)
        {
            return false;
        }

        if (!stream)
        {
            problems.Invalid("stream_options", "'stream_options' is only allowed when 'stream' is true.");
        }

        return options.Flag("include_usage", otherwise: false);
    }

    private static IReadOnlyList<string> Stops(Fields body, Problems problems)
    {
        if (body.Find("stop") is not { } stop)
        {
            return [];
        }

        if (stop.ValueKind == JsonValueKind.String)
        {
            return stop.GetString() is { Length: > 0 } one ? [one] : Refuse(problems, "stop");
        }

        if (stop.ValueKind != JsonValueKind.Array || stop.GetArrayLength() > MaxStops)
        {
            return Refuse(problems, "stop");
        }

        var stops = new List<string>();
        foreach (var element in stop.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String || element.GetString() is not { Length: > 0 } text)
            {
                return Refuse(problems, string.Create(CultureInfo.InvariantCulture, $"stop[{stops.Count}]"));
            }

            stops.Add(text);
        }

        return stops;
    }

    private static IReadOnlyList<string> Refuse(Problems problems, string param)
    {
        problems.Invalid(param, $"'stop' must be a non-empty string or an array of up to {MaxStops} of them.");
        return [];
    }
}
