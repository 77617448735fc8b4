using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Tests.Fixtures;

namespace JanServer.ResponseApi.Tests.Requests;

public sealed class RequestReaderTests
{
    [Fact]
    public void Defaults_are_OpenAIs()
    {
        var request = Given.Request("""{"model":"m","input":"x","stream":null,"metadata":null,"tools":null}""");

        Assert.Equal("m", request.Model);
        Assert.True(request.Store);
        Assert.True(request.ParallelToolCalls);
        Assert.False(request.Stream || request.Background || request.Truncate);
        Assert.Equal("text", request.Text.Type);
        Assert.Equal(ToolMode.Auto, request.ToolChoice.Mode);
    }

    [Fact]
    public void Everything_is_read()
    {
        var request = Given.Request("""
            {"model":"m","input":"x","instructions":"i","conversation":{"id":"conv_1"},"include":["file_search_call.results"],"max_output_tokens":16,
             "max_tool_calls":3,"parallel_tool_calls":false,"reasoning":{"effort":"high","summary":"detailed"},
             "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},
             "truncation":"auto","metadata":{"a":"b"},"store":true,"background":true,"stream":true,"stream_options":{"include_obfuscation":false},
             "service_tier":"flex","temperature":0.1,"top_p":0.2,"top_logprobs":5,"user":"u","safety_identifier":"s","prompt_cache_key":"k"}
            """);

        Assert.Equal("conv_1", request.Conversation);
        Assert.Equal(("high", "detailed"), (request.Reasoning.Effort, request.Reasoning.Summary));
        Assert.Equal(("json_schema", "n", true, "low"), (request.Text.Type, request.Text.Name, request.Text.Strict!.Value, request.Text.Verbosity));
        Assert.Equal((16, 3, 5), (request.MaxOutputTokens, request.MaxToolCalls, request.TopLogprobs));
        Assert.True(request.Truncate && request.Background && request.Stream && !request.ParallelToolCalls);
        Assert.Equal("b", request.Metadata["a"]);
        Assert.Equal(("u", "s", "k", "flex"), (request.User, request.SafetyIdentifier, request.PromptCacheKey, request.ServiceTier));
        Assert.Contains(Includes.FileSearchResults, request.Include);
    }

    [Fact]
    public void The_references_members_are_understood()
    {
        var request = Given.Request("""
            {"model":"m","input":{"role":"user","text":"hi"},"system_prompt":"s","max_tokens":9,
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":{"type":"function","function":{"name":"f"}}}
            """);

        Assert.Equal(("s", 9), (request.Instructions, request.MaxOutputTokens));
        Assert.Equal("f", request.Tools[0].GetProperty("name").GetString());
        Assert.Equal("function", request.Tools[0].GetProperty("type").GetString());
        Assert.Equal(new("function", "f"), Assert.Single(request.ToolChoice.Only!));
    }

    [Theory]
    [InlineData("[]", null)]
    [InlineData("""{"input":"x"}""", "model")]
    [InlineData("""{"model":"","input":"x"}""", "model")]
    [InlineData("""{"model":1,"input":"x"}""", "model")]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":true}""", "input")]
    [InlineData("""{"model":"m","input":[]}""", "input")]
    [InlineData("""{"model":"m","input":"x","stream":"yes"}""", "stream")]
    [InlineData("""{"model":"m","input":"x","max_output_tokens":0}""", "max_output_tokens")]
    [InlineData("""{"model":"m","input":"x","max_tool_calls":1.5}""", "max_tool_calls")]
    [InlineData("""{"model":"m","input":"x","temperature":3}""", "temperature")]
    [InlineData("""{"model":"m","input":"x","top_p":-1}""", "top_p")]
    [InlineData("""{"model":"m","input":"x","top_logprobs":21}""", "top_logprobs")]
    [InlineData("""{"model":"m","input":"x","truncation":"some"}""", "truncation")]
    [InlineData("""{"model":"m","input":"x","service_tier":"gold"}""", "service_tier")]
    [InlineData("""{"model":"m","input":"x","reasoning":{"effort":"huge"}}""", "reasoning.effort")]
    [InlineData("""{"model":"m","input":"x","reasoning":[]}""", "reasoning")]
    [InlineData("""{"model":"m","input":"x","text":{"format":{"type":"xml"}}}""", "text.format.type")]
    [InlineData("""{"model":"m","input":"x","text":{"format":{"type":"json_schema","schema":{}}}}""", "text.format.name")]
    [InlineData("""{"model":"m","input":"x","text":{"format":{"type":"json_schema","name":"a b","schema":{}}}}""", "text.format.name")]
    [InlineData("""{"model":"m","input":"x","text":{"format":{"type":"json_schema","name":"n"}}}""", "text.format.schema")]
    [InlineData("""{"model":"m","input":"x","metadata":{"a":1}}""", "metadata.a")]
    [InlineData("""{"model":"m","input":"x","include":["all"]}""", "include[0]")]
    [InlineData("""{"model":"m","input":"x","prompt":{"id":"p"}}""", "prompt")]
    [InlineData("""{"model":"m","input":"x","background":true,"store":false}""", "background")]
    [InlineData("""{"model":"m","input":"x","previous_response_id":"r","conversation":"c"}""", "previous_response_id")]
    [InlineData("""{"model":"m","input":"x","conversation":{}}""", "conversation.id")]
    [InlineData("""{"model":"m","input":"x","conversation":7}""", "conversation")]
    [InlineData("""{"model":"m","input":"x","tools":{}}""", "tools")]
    [InlineData("""{"model":"m","input":"x","tools":[{}]}""", "tools[0].type")]
    [InlineData("""{"model":"m","input":"x","tools":["f"]}""", "tools[0]")]
    [InlineData("""{"model":"m","input":"x","tool_choice":"any"}""", "tool_choice")]
    [InlineData("""{"model":"m","input":"x","tool_choice":"required"}""", "tool_choice")]
    [InlineData("""{"model":"m","input":"x","tool_choice":{"type":"function","name":"f"}}""", "tool_choice.name")]
    [InlineData("""{"model":"m","input":"x","tool_choice":{"type":"web_search"}}""", "tool_choice.type")]
    [InlineData("""{"model":"m","input":"x","tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function"}]}}""", "tool_choice.tools[0].name")]
    [InlineData("""{"model":"m","input":"x\u0000"}""", "input")]
    [InlineData("""{"model":"m","input":"x","user":"\ud800"}""", "user")]
    [InlineData("""{"model":"m","input":"x","metadata":{"\ud800":"a"}}""", null)]
    public void What_is_wrong_is_named_by_its_path(string json, string? param)
    {
        var (request, error) = RequestReader.Read(Given.Json(json));

        Assert.Null(request);
        Assert.Equal((400, param), (error!.Status, error.Param));
    }

    [Fact]
    public void Metadata_has_OpenAIs_limits()
    {
        string With(int count, int name, int value)
        {
            var members = Enumerable.Range(0, count).Select(i =>
                $"\"{i.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(name, 'k')}\":\"{new string('v', value)}\"");
            return $$"""{"model":"m","input":"x","metadata":{ {{string.Join(',', members)}} } }""";
        }

        Assert.Null(RequestReader.Read(Given.Json(With(16, 64, 512))).Error);
        Assert.Equal("metadata", RequestReader.Read(Given.Json(With(17, 3, 1))).Error?.Param);
        Assert.Equal("metadata", RequestReader.Read(Given.Json(With(1, 65, 1))).Error?.Param);
        Assert.StartsWith("metadata.", RequestReader.Read(Given.Json(With(1, 3, 513))).Error?.Param, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"web_search_preview_2025_03_11"}""", "web_search", null, null)]
    [InlineData("""{"type":"function","name":"f"}""", "function", "f", null)]
    [InlineData("""{"type":"custom","name":"c"}""", "custom", "c", null)]
    [InlineData("""{"type":"mcp","server_label":"s","name":"t"}""", "mcp", "t", "s")]
    [InlineData("""{"type":"mcp","server_label":"s"}""", "mcp", null, "s")]
    public void A_tool_can_be_forced(string choice, string type, string? name, string? label)
    {
        var request = Given.Request($$"""
            {"model":"m","input":"x","tool_choice":{{choice}},"tools":[{"type":"web_search"},{"type":"function","name":"f"},{"type":"custom","name":"c"},{"type":"mcp","server_label":"s"}]}
            """);

        Assert.Equal(ToolMode.Required, request.ToolChoice.Mode);
        Assert.Equal(new(type, name, label), Assert.Single(request.ToolChoice.Only!));
        Assert.False(request.ToolChoice.IsLasting);
    }

    [Fact]
    public void Tools_can_be_allowed()
    {
        var request = Given.Request("""
            {"model":"m","input":"x","tools":[{"type":"function","name":"f"},{"type":"function","name":"g"}],
             "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"g"}]}}
            """);

        Assert.True(request.ToolChoice.IsLasting);
        Assert.Equal(ToolMode.Required, request.ToolChoice.Mode);
        Assert.Equal("g", Assert.Single(request.ToolChoice.Only!).Name);
    }

    [Fact]
    public void Input_may_be_left_out_where_there_is_context()
    {
        Assert.Null(Given.Request("""{"model":"m","previous_response_id":"resp_1"}""").Input);
        Assert.Equal("conv_1", Given.Request("""{"model":"m","conversation":"conv_1"}""").Conversation);
    }
}
