using System.Text;
using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Tools;

namespace JanServer.ResponseApi.Events;

/// <summary>
/// A call as the model writes it. One for a client's tool is streamed as an item; one that runs here is only collected, since its item is
/// the tool's to show.
/// </summary>
internal sealed class CallWriter(EventSink sink, string callId, TimeProvider clock)
{
    private const string Custom = "custom_tool_call";

    private readonly TextBuffer _arguments = new();
    private int _index = -1;
    private string _itemId = "";

    public string CallId => callId;

    /// <summary>The model's own id, by which later parts may name the call.</summary>
    public string? ModelId { get; init; }

    public string Name { get; private set; } = "";

    public string Arguments => _arguments.ToString();

    /// <summary>What the call leads to; null for a function that the model was not offered.</summary>
    public IToolBinding? Binding { get; private set; }

    public bool IsClients => Binding is { IsClients: true };

    private bool IsCustom => Binding?.ClientItemType == Custom;

    public async ValueTask WriteAsync(
        string? name, ReadOnlyMemory<byte> arguments, IReadOnlyDictionary<string, IToolBinding> tools, CancellationToken ct)
    {
        // Some servers repeat the name with every part.
        if (Name.Length == 0 && !string.IsNullOrEmpty(name))
        {
            Name = name;
            Binding = tools.GetValueOrDefault(name);
            if (IsClients)
            {
                await BeginAsync(ct);
                if (!IsCustom && _arguments.Length > 0)
                {
                    // Arguments that came before the name.
                    await DeltaAsync("response.function_call_arguments.delta", _arguments.Utf8, ct);
                }
            }
        }

        if (arguments.IsEmpty)
        {
            return;
        }

        _arguments.Append(arguments);
        if (_index >= 0 && !IsCustom)
        {
            await DeltaAsync("response.function_call_arguments.delta", arguments, ct);
        }
    }

    /// <summary>Ends the item of a client's call.</summary>
    /// <returns>The finished item with its place; null when there is none.</returns>
    public async ValueTask<(int Index, JsonElement Item)?> EndAsync(string status, CancellationToken ct)
    {
        if (_index < 0)
        {
            return null;
        }

        var text = IsCustom ? InputOf(Arguments) : Arguments;
        if (!IsCustom && string.IsNullOrWhiteSpace(text) && status == "completed")
        {
            text = "{}";
            await DeltaAsync("response.function_call_arguments.delta", "{}"u8.ToArray(), ct);
        }
        else if (IsCustom)
        {
            await DeltaAsync("response.custom_tool_call_input.delta", Encoding.UTF8.GetBytes(text), ct);
        }

        await sink.EmitAsync(IsCustom ? "response.custom_tool_call_input.done" : "response.function_call_arguments.done", json =>
        {
            WritePlace(json);
            if (!IsCustom)
            {
                json.WriteString("name"u8, Name);
            }

            json.WriteString(IsCustom ? "input"u8 : "arguments"u8, text);
        }, ct);
        var item = Item(text, status);
        await sink.EndItemAsync(_index, item, ct);
        return (_index, item);
    }

    private async ValueTask BeginAsync(CancellationToken ct)
    {
        _itemId = ItemIds.New(IsCustom ? Custom : "function_call", clock);
        _index = await sink.AddItemAsync(Item("", "in_progress"), ct);
    }

    private ValueTask DeltaAsync(string type, ReadOnlyMemory<byte> delta, CancellationToken ct) =>
        sink.EmitAsync(type, (Writer: this, Delta: delta), static (json, state) =>
        {
            state.Writer.WritePlace(json);
            json.WriteString("delta"u8, state.Delta.Span);
        }, ct);

    private void WritePlace(Utf8JsonWriter json)
    {
        json.WriteString("item_id"u8, _itemId);
        json.WriteNumber("output_index"u8, _index);
    }

    private JsonElement Item(string text, string status) => ItemJson.Build(json =>
    {
        json.WriteString("id"u8, _itemId);
        json.WriteString("type"u8, IsCustom ? Custom : "function_call");
        json.WriteString("status"u8, status);
        json.WriteString("call_id"u8, callId);
        json.WriteString("name"u8, Name);
        json.WriteString(IsCustom ? "input"u8 : "arguments"u8, text);
    });

    /// <summary>The free text of a custom tool, which the model writes as the argument <c>input</c>.</summary>
    private static string InputOf(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.Text("input") ?? arguments;
        }
        catch (JsonException)
        {
            return arguments;
        }
    }
}
