using System.Text.Json;
using JanServer.Inference.Chat;
using JanServer.Inference.Demo;
using JanServer.Inference.Filling;

namespace JanServer.Inference.ToolUse;

/// <summary>
/// Which calls a request wants, in which order. The plan is made anew from the request in every round and the calls already
/// answered are counted off, so nothing has to be kept between rounds.
/// </summary>
internal static class ToolPlan
{
    private const int MaxCalls = 16;

    /// <summary>The calls to make now; none when the request wants no tool, or no further one.</summary>
    public static IReadOnlyList<PlannedCall> Next(ChatRequest request, Turn turn)
    {
        if (request.ToolChoice.Mode == ToolMode.None || Offered(request) is not { Count: > 0 } tools)
        {
            return [];
        }

        var steps = Steps(tools, turn.Request, request.ParallelToolCalls);
        var done = turn.Results.Count;
        foreach (var step in steps)
        {
            if (done < step.Count)
            {
                return [.. step.Skip(done).Select(wanted => Call(wanted, turn))];
            }

            done -= step.Count;
        }

        return request.ToolChoice.Mode == ToolMode.Required ? [Call(new(ToolMatch.Closest(tools, turn.Request).Tool, turn.Request), turn)] : [];
    }

    private static List<ToolMatch> Offered(ChatRequest request) =>
        [.. request.Tools.Where(tool => request.ToolChoice.Allowed?.Contains(tool.Name) ?? true).Select(tool => new ToolMatch(tool))];

    private static PlannedCall Call(Wanted wanted, Turn turn)
    {
        var earlierUrls = turn.Results.SelectMany(result => Evidence.UrlsIn(result.Result)).ToArray();
        return new(wanted.Tool.Name, ToolArguments.Build(wanted.Tool, wanted.Clause, turn.Facts, earlierUrls));
    }

    private static List<IReadOnlyList<Wanted>> Steps(IReadOnlyList<ToolMatch> tools, string user, bool parallel)
    {
        var steps = new List<IReadOnlyList<Wanted>>();
        var left = MaxCalls;
        foreach (var clauses in RequestSteps.Of(user))
        {
            var step = Calls(tools, clauses).Take(left).ToArray();
            left -= step.Length;
            if (parallel && step.Length > 0)
            {
                steps.Add(step);
            }
            else
            {
                steps.AddRange(step.Select(wanted => (IReadOnlyList<Wanted>)[wanted]));
            }
        }

        return steps;
    }

    /// <summary>A clause without a tool of its own belongs to the one before it: "search cats and dogs" is one search.</summary>
    private static List<Wanted> Calls(IReadOnlyList<ToolMatch> tools, IReadOnlyList<string> clauses)
    {
        var grouped = new List<(ToolMatch? Tool, string Clause)>();
        foreach (var clause in clauses)
        {
            var tool = ToolMatch.Best(tools, clause);
            var joinsPrevious = grouped.Count > 0 && (tool is null || (tool == grouped[^1].Tool && !StartsAnew(tool, clause)));
            if (joinsPrevious)
            {
                grouped[^1] = (grouped[^1].Tool ?? tool, $"{grouped[^1].Clause} and {clause}");
            }
            else if (grouped is [(null, var lead)])
            {
                grouped[0] = (tool, $"{lead}, {clause}");
            }
            else
            {
                grouped.Add((tool, clause));
            }
        }

        return [.. grouped.Where(group => group.Tool is not null).SelectMany(group => Expand(group.Tool!.Tool, group.Clause))];
    }

    /// <summary>Two clauses for one tool are two calls when each asks on its own: "search cats and search dogs".</summary>
    private static bool StartsAnew(ToolMatch tool, string clause) =>
        tool.Kind != ToolKind.Other ? ToolKinds.AskedBy(clause) == tool.Kind && Evidence.UrlsIn(clause).Count == 0 : true;

    /// <summary>A tool that takes one place or one link is called once for each that the clause names.</summary>
    private static IEnumerable<Wanted> Expand(ToolDefinition tool, string clause)
    {
        var fields = SingleTextFields(tool).ToArray();
        if (fields.Any(field => field.IsUrl) && Evidence.UrlsIn(clause) is { Count: > 1 } urls)
        {
            return urls.Select(url => new Wanted(tool, url));
        }

        if (fields.Any(field => field.IsPlace) && Evidence.PlacesIn(clause) is { Count: > 1 } places)
        {
            return places.Select(place => new Wanted(tool, Only(clause, place, places)));
        }

        return [new(tool, clause)];
    }

    /// <summary>The clause with one of its places instead of all of them.</summary>
    private static string Only(string clause, string place, IReadOnlyList<string> places)
    {
        var start = places.Min(other => clause.IndexOf(other, StringComparison.Ordinal));
        var end = places.Max(other => clause.IndexOf(other, StringComparison.Ordinal) + other.Length);
        return $"{clause[..start]}{place}{clause[end..]}";
    }

    private static IEnumerable<FieldName> SingleTextFields(ToolDefinition tool) =>
        tool.Parameters is { ValueKind: JsonValueKind.Object } schema
        && schema.TryGetProperty("properties", out var properties)
        && properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject()
                .Where(property => property.Value.ValueKind == JsonValueKind.Object
                    && SchemaKeywords.Text(property.Value, "type") == "string")
                .Select(property => new FieldName(property.Name))
            : [];

    private sealed record Wanted(ToolDefinition Tool, string Clause);
}
