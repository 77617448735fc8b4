using System.Text;
using System.Text.Json;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Reasoning;

namespace JanServer.LlmApi.Streaming;

/// <summary>
/// What an answer needs changed on its way to the client: the model's id, which becomes the one that the client sent; the usage, which only
/// those see who asked; reasoning, which is told from the content; what is said about the conversation. Works on the bytes, and on those
/// of most answers changes nothing but the model.
/// </summary>
internal sealed class AnswerRewrite(Exchange exchange, bool splitsReasoning)
{
    private static readonly byte[] Null = "null"u8.ToArray();

    private readonly byte[] _model = exchange.Request.ModelJson;
    private readonly bool _hidesUsage = exchange.Request is { Stream: true, ShowsUsage: false };
    private readonly ReasoningShare _share = new();
    private List<(int Choice, ThinkTags Tags)>? _tags;
    private readonly ChunkEdits _edits = new();
    private bool _added;

    /// <summary>The id that takes the place of the upstream's, as a JSON string; empty to keep the upstream's.</summary>
    public ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>Members to add to the first object, each with a comma before it.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }

    /// <summary>Says how to change <paramref name="json"/>, and notes in the exchange what it tells.</summary>
    public ChunkEdits Edits(ReadOnlySpan<byte> json, in ChunkScan scan)
    {
        var edits = _edits;
        edits.Clear();
        if (scan.Model.End.Value > 0)
        {
            edits.Add(scan.Model, _model);
        }

        if (Id.Length > 0 && scan.Id.End.Value > 0)
        {
            edits.Add(scan.Id, Id);
        }

        if (splitsReasoning && scan.Choices > 0)
        {
            Split(json, scan.First);
            foreach (var other in scan.Others ?? [])
            {
                Split(json, other);
            }
        }

        Note(scan);
        if (scan.Usage.End.Value > 0)
        {
            EditUsage(scan);
        }

        if (!_added && Extra.Length > 0)
        {
            _added = true;
            var end = json.LastIndexOf((byte)'}');
            edits.Add(end, end, Extra);
        }

        return edits;
    }

    /// <summary>Notes in the exchange what an object tells.</summary>
    public void Note(in ChunkScan scan)
    {
        exchange.FinishReason ??= scan.FinishReason;
        exchange.Counts = scan.HasUsage ? Counted(scan) : exchange.Counts;
    }

    private void EditUsage(in ChunkScan scan)
    {
        if (_hidesUsage)
        {
            _edits.Add(scan.Usage, scan.UsageIsFirst ? Null : default);
        }
        else if (exchange.Counts is { Reasoning: > 0 and var reasoning } && scan is { HasUsage: true, HasUsageDetails: false })
        {
            var end = scan.Usage.End.Value - 1;
            _edits.Add(end, end, Encoding.UTF8.GetBytes($",\"completion_tokens_details\":{{\"reasoning_tokens\":{reasoning}}}"));
        }
    }

    private TokenCounts Counted(in ChunkScan scan) =>
        scan.HasUsageDetails ? scan.Counts : scan.Counts with { Reasoning = _share.Of(scan.Counts.Completion) };

    private void Split(ReadOnlySpan<byte> json, in ChoiceScan choice)
    {
        var (start, end) = (choice.Content.Start.Value, choice.Content.End.Value);
        var length = Math.Max(0, end - start - 2);
        if (choice.ReasoningLength > 0)
        {
            TagsOf(choice.Index).Leave();
            _share.Add(length, choice.ReasoningLength);
            return;
        }

        var tags = TagsOf(choice.Index);
        if (tags.IsOutside || choice.DeltaAt == 0 || (length == 0 && !choice.IsFinished))
        {
            _share.Add(length, 0);
            return;
        }

        var piece = end > 0 ? Decode(json[start..end]) : "";
        var (content, reasoning) = tags.Feed(piece);
        if (choice.IsFinished || !exchange.Request.Stream)
        {
            var (lastContent, lastReasoning) = tags.End();
            (content, reasoning) = (content + lastContent, reasoning + lastReasoning);
        }

        _share.Add(Encoding.UTF8.GetByteCount(content), Encoding.UTF8.GetByteCount(reasoning));
        if (reasoning.Length == 0 && content == piece)
        {
            return;
        }

        var value = content.Length > 0 || reasoning.Length == 0 ? ModelRoute.Quote(content) : Null;
        var members = reasoning.Length > 0 ? [.. value, .. ",\"reasoning_content\":"u8, .. ModelRoute.Quote(reasoning)] : value;
        if (end > 0)
        {
            _edits.Add(start, end, members);
        }
        else
        {
            byte[] added = [.. "\"content\":"u8, .. members, .. choice.DeltaIsEmpty ? ""u8 : ","u8];
            _edits.Add(choice.DeltaAt, choice.DeltaAt, added);
        }
    }

    private ThinkTags TagsOf(int choice)
    {
        _tags ??= [];
        foreach (var (index, tags) in _tags)
        {
            if (index == choice)
            {
                return tags;
            }
        }

        var added = new ThinkTags();
        _tags.Add((choice, added));
        return added;
    }

    private static string Decode(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.GetString()!;
    }
}
