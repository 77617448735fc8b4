using System.Text.Json;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Requests;

/// <summary>
/// Reads a request body once: checks every member that OpenAI defines, notes where the model and the stream options are, and which
/// members of ours must not go upstream. Nothing is materialized but the model id and the names of tools.
/// </summary>
internal ref struct RequestScan
{
    // More than any request has; bounds the search for duplicate names.
    private const int MaxUnknownMembers = 256;
    private const int MaxItems = 2048;

    private readonly Operation _operation;
    private readonly List<Edit> _edits = new(8);
    private readonly MemberPlaces _places = new();
    private JsonCursor _json;
    private List<string>? _tools;
    private List<string>? _unknown;
    private string? _model;
    private string? _namedTool;
    private long _seen;
    private long _previousEnd;
    private long _toolChoiceAt;
    private long _streamOptionsAt;
    private long _topLogprobsAt;
    private int _end;
    private bool _keptAny;
    private bool _stream;
    private bool _logprobs;
    private bool _showsUsage;
    private bool? _store;
    private bool _storeReasoning;
    private bool _keepsAll;
    private ConversationRef? _conversation;
    private Edit? _usageEdit;

    private RequestScan(Operation operation, ReadOnlySpan<byte> body)
    {
        _operation = operation;
        _json = new(body);
    }

    /// <summary>Reads and checks <paramref name="body"/>.</summary>
    public static CompletionRequest? Read(Operation operation, ReadOnlySpan<byte> body, out ApiError? error)
    {
        try
        {
            var scan = new RequestScan(operation, body);
            if (!scan._json.Json.Read() || scan._json.Token != JsonTokenType.StartObject)
            {
                error = new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, "The request body must be a JSON object.");
                return null;
            }

            var ok = scan.ReadBody();
            error = ok ? null : scan._json.Error();
            return ok ? scan.Result() : null;
        }
        catch (JsonException e)
        {
            error = new(
                StatusCodes.Status400BadRequest,
                ErrorCodes.InvalidJson,
                $"The request body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}), or nests deeper than 64 levels.");
        }
        catch (InvalidOperationException)
        {
            error = new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, "The request body holds text that is not valid Unicode.");
        }

        return null;
    }

    private readonly CompletionRequest Result() => new()
    {
        Operation = _operation,
        Model = _model!,
        Stream = _stream,
        ShowsUsage = _showsUsage,
        Conversation = _conversation,
        Store = _store,
        StoreReasoning = _storeReasoning,
        KeepsAll = _keepsAll,
        Edits = _edits,
        Places = _places,
        End = _end,
    };

    private bool ReadBody()
    {
        var start = _json.Start;
        _previousEnd = _json.End;
        while (_json.NextMember())
        {
            if (!ReadMember())
            {
                return false;
            }
        }

        var end = _json.Start;
        _json.Json.Read();
        return CheckWhole(start, end);
    }

    private bool ReadMember()
    {
        var nameAt = _json.Start;
        var member = Members.Of(ref _json.Json);
        if (!NoteName(member))
        {
            return false;
        }

        _json.Json.Read();
        var valueAt = (int)_json.Start;
        var isOurs = Members.IsOurs(member);
        if (!(_json.Token == JsonTokenType.Null ? CheckNull(member) : CheckMember(member)))
        {
            return false;
        }

        if (isOurs)
        {
            Cut(_previousEnd, _json.End);
        }
        else
        {
            if (!_keptAny && _edits.Count > 0)
            {
                // Members before this one were cut, but the comma after them was not.
                Cut(_previousEnd, nameAt);
            }

            _keptAny = true;
            NoteEdit(member);
        }

        if (member != Member.Unknown)
        {
            _places.Add(member, new(valueAt, (int)_json.End));
        }

        _previousEnd = _json.End;
        return true;
    }

    private bool NoteName(Member member)
    {
        if (member != Member.Unknown)
        {
            var bit = 1L << (int)member;
            var isNew = (_seen & bit) == 0;
            _seen |= bit;
            return isNew || _json.Fail("it is there twice.");
        }

        var name = _json.Json.GetString()!;
        _unknown ??= [];
        if (_unknown.Contains(name))
        {
            return _json.Fail("it is there twice.");
        }

        _unknown.Add(name);
        return _unknown.Count <= MaxUnknownMembers || _json.Fail("the request has too many members.");
    }

    private void Cut(long from, long to) => _edits.Add(Edit.Cut((int)from, (int)to));

    private void NoteEdit(Member member)
    {
        if (member == Member.Model)
        {
            _edits.Add(new((int)_json.Start, (int)_json.End, Replacement.UpstreamModel));
        }
        else if (member == Member.StreamOptions && _usageEdit is { } edit)
        {
            _edits.Add(edit);
        }
    }

    private bool CheckNull(Member member)
    {
        if (member == Member.StreamOptions)
        {
            _usageEdit = new((int)_json.Start, (int)_json.End, Replacement.UsageOptions);
        }

        return member switch
        {
            Member.Model => _json.Fail("it must be a string."),
            Member.Messages => _json.Fail("it must be an array."),
            Member.Prompt or Member.Input => _json.Fail("it must be a string or an array."),
            _ => true,
        };
    }

    private bool CheckMember(Member member)
    {
        switch (member)
        {
            case Member.Model:
                return ReadModel();
            case Member.Stream:
                _stream = _json.Token == JsonTokenType.True;
                return _json.Flag();
            case Member.StreamOptions:
                return ReadStreamOptions();
            case Member.Temperature:
                return _json.Number(0, 2, "between 0 and 2");
            case Member.TopP:
                return _json.Number(0, 1, "between 0 and 1");
            case Member.Penalty or Member.Penalty2:
                return _json.Number(-2, 2, "between -2 and 2");
            case Member.N:
                return _json.Integer(1, 128, " between 1 and 128");
            case Member.MaxTokens or Member.MaxCompletionTokens or Member.Dimensions:
                return _json.Integer(1, int.MaxValue, " of at least 1");
            case Member.Stop:
                return OptionChecks.CheckStop(ref _json);
            case Member.Seed:
                return _json.Integer(long.MinValue, long.MaxValue, "");
            case Member.LogitBias:
                return OptionChecks.CheckLogitBias(ref _json);
            case Member.User:
                return _json.Text();
            case Member.Metadata:
                return OptionChecks.CheckMetadata(ref _json);
            case Member.Prompt or Member.Input:
                return OptionChecks.CheckPrompt(ref _json, MaxItems);
            case Member.Conversation:
                return _operation == Operation.Chat
                    ? ConversationChecks.Read(ref _json, out _conversation)
                    : _json.Fail("only chat can be part of a conversation.");
            case Member.Store:
                _store = _json.Token == JsonTokenType.True;
                return _json.Flag() && (_operation == Operation.Chat || _store == false || _json.Fail("only chat completions can be stored."));
            case Member.StoreReasoning:
                _storeReasoning = _json.Token == JsonTokenType.True;
                return _json.Flag();
            case Member.DeepResearch or Member.EnableThinking or Member.Image:
                return _json.Flag();
            case Member.Truncation:
                _keepsAll = _json.Token == JsonTokenType.String && _json.Is("disabled"u8);
                return _keepsAll || (_json.Token == JsonTokenType.String && _json.Is("auto"u8)) || _json.Fail("it must be 'auto' or 'disabled'.");
            case Member.DisableModules:
                return OptionChecks.CheckModules(ref _json);
            default:
                return CheckOperationMember(member);
        }
    }

    private bool CheckOperationMember(Member member)
    {
        switch (_operation, member)
        {
            case (Operation.Chat, Member.Messages):
                return MessageChecks.Check(ref _json);
            case (Operation.Chat, Member.Logprobs):
                _logprobs = _json.Token == JsonTokenType.True;
                return _json.Flag();
            case (Operation.Chat, Member.TopLogprobs):
                _topLogprobsAt = _json.Start;
                return _json.Integer(0, 20, " between 0 and 20");
            case (Operation.Chat, Member.Tools):
                return ToolChecks.CheckTools(ref _json, _tools = []);
            case (Operation.Chat, Member.ToolChoice):
                _toolChoiceAt = _json.Start;
                return ToolChecks.CheckChoice(ref _json, out _namedTool);
            case (Operation.Chat, Member.ParallelToolCalls):
                return _json.Flag();
            case (Operation.Chat, Member.ResponseFormat):
                return OptionChecks.CheckResponseFormat(ref _json);
            case (Operation.Chat, Member.ReasoningEffort):
                return _json.Text();
            case (Operation.Completion, Member.Logprobs):
                return _json.Integer(0, 5, " between 0 and 5");
            case (Operation.Completion, Member.BestOf):
                return _json.Integer(1, 20, " between 1 and 20");
            case (Operation.Completion, Member.Suffix):
                return _json.Text();
            case (Operation.Completion, Member.Echo):
                return _json.Flag();
            case (Operation.Embedding, Member.EncodingFormat):
                return _json.Token == JsonTokenType.String && (_json.Is("float"u8) || _json.Is("base64"u8))
                    || _json.Fail("it must be 'float' or 'base64'.");
            default:
                _json.Skip();
                return true;
        }
    }

    private bool ReadModel()
    {
        if (!_json.NonEmptyText())
        {
            return false;
        }

        _model = _json.Json.GetString()!;
        return !string.IsNullOrWhiteSpace(_model) || _json.Fail("it must not be blank.");
    }

    private bool ReadStreamOptions()
    {
        _streamOptionsAt = _json.Start;
        if (!_json.OpensObject())
        {
            return false;
        }

        // Where the member goes when the object has none.
        var open = (int)_json.End;
        var count = 0;
        while (_json.NextMember())
        {
            count++;
            var isUsage = _json.Is("include_usage"u8);
            _json.Json.Read();
            if (isUsage)
            {
                if (!_json.Flag())
                {
                    return false;
                }

                _showsUsage = _json.Token == JsonTokenType.True;
                _usageEdit = new((int)_json.Start, (int)_json.End, Replacement.True);
            }

            _json.Skip();
        }

        _usageEdit ??= count == 0
            ? new Edit((int)_streamOptionsAt, (int)_json.End, Replacement.UsageOptions)
            : new Edit(open, open, Replacement.UsageMember);
        return true;
    }

    private bool CheckWhole(long start, long end)
    {
        if (_model is null)
        {
            return _json.Missing(start, "model");
        }

        var (content, name) = _operation switch
        {
            Operation.Chat => (Member.Messages, "messages"),
            Operation.Completion => (Member.Prompt, "prompt"),
            _ => (Member.Input, "input"),
        };
        if ((_seen & (1L << (int)content)) == 0)
        {
            return _json.Missing(start, name);
        }

        if (_operation == Operation.Embedding && _stream)
        {
            _stream = false;
        }

        if (_streamOptionsAt > 0 && !_stream)
        {
            return _json.Fail(_streamOptionsAt, "it is only allowed when 'stream' is true.");
        }

        if (_topLogprobsAt > 0 && !_logprobs)
        {
            return _json.Fail(_topLogprobsAt, "it is only allowed when 'logprobs' is true.");
        }

        if (_namedTool is not null && _tools?.Contains(_namedTool) != true)
        {
            return _json.Fail(_toolChoiceAt, "it names a tool that 'tools' does not have.");
        }

        _end = (int)end;
        AskForUsage(_end);
        return true;
    }

    private readonly void AskForUsage(int end)
    {
        if (!_stream)
        {
            // Without a stream no edit of the stream options is wanted: some servers refuse them.
            _edits.RemoveAll(edit => edit.With == Replacement.UsageOptions);
        }
        else if (_usageEdit is null)
        {
            _edits.Add(Edit.Insert(end, Replacement.UsageOptionsMember));
        }
    }
}
