using System.Text;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Tests.Requests;

public class RequestScanTests
{
    private const string User = """{"role":"user","content":"hi"}""";

    [Theory]
    [InlineData("""{"messages":[U]}""", "model")]
    [InlineData("""{"model":null,"messages":[U]}""", "model")]
    [InlineData("""{"model":7,"messages":[U]}""", "model")]
    [InlineData("""{"model":"","messages":[U]}""", "model")]
    [InlineData("""{"model":"  ","messages":[U]}""", "model")]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"model":"m","messages":null}""", "messages")]
    [InlineData("""{"model":"m","messages":"hi"}""", "messages")]
    [InlineData("""{"model":"m","messages":[]}""", "messages")]
    [InlineData("""{"model":"m","messages":["hi"]}""", "messages[0]")]
    [InlineData("""{"model":"m","messages":[U,{"content":"hi"}]}""", "messages[1].role")]
    [InlineData("""{"model":"m","messages":[U,{"role":"robot","content":"hi"}]}""", "messages[1].role")]
    [InlineData("""{"model":"m","messages":[{"role":1,"content":"hi"}]}""", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":null}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":{}}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"content":[],"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":["x"]}]}""", "messages[0].content[0]")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"text":"x"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"poem","text":"x"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":1}]}]}""", "messages[0].content[0].text")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url"}]}]}""", "messages[0].content[1].image_url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":"u"}]}]}""", "messages[0].content[0].image_url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":""}}]}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"u","detail":3}}]}]}""", "messages[0].content[0].image_url.detail")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"x"}}]}]}""", "messages[0].content[0].input_audio.format")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"format":"wav"}}]}]}""", "messages[0].content[0].input_audio.data")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"filename":"x"}}]}]}""", "messages[0].content[0].file")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"refusal","refusal":"no"}]}]}""", "messages[0].content[0]")]
    [InlineData("""{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"u"}}]}]}""", "messages[0].content[1]")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":[{"type":"image_url","image_url":{"url":"u"}}]}]}""", "messages[0].content[0]")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant"}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":null}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","content":"x","tool_call_id":""}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","tool_call_id":"c"}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"function","content":"x"}]}""", "messages[0].name")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x","name":5}]}""", "messages[0].name")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":{}}]}""", "messages[0].tool_calls")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[]}]}""", "messages[0].tool_calls")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f","arguments":"{}"}}]}]}""", "messages[0].tool_calls[0].id")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]}]}""", "messages[0].tool_calls[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"magic"}]}]}""", "messages[0].tool_calls[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function"}]}]}""", "messages[0].tool_calls[0].function")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"arguments":"{}"}}]}]}""", "messages[0].tool_calls[0].function.name")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f"}}]}]}""", "messages[0].tool_calls[0].function.arguments")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":{}}}]}]}""", "messages[0].tool_calls[0].function.arguments")]
    [InlineData("""{"model":"m","messages":[U],"temperature":2.1}""", "temperature")]
    [InlineData("""{"model":"m","messages":[U],"temperature":-0.1}""", "temperature")]
    [InlineData("""{"model":"m","messages":[U],"temperature":"1"}""", "temperature")]
    [InlineData("""{"model":"m","messages":[U],"top_p":1.01}""", "top_p")]
    [InlineData("""{"model":"m","messages":[U],"n":0}""", "n")]
    [InlineData("""{"model":"m","messages":[U],"n":129}""", "n")]
    [InlineData("""{"model":"m","messages":[U],"n":1.5}""", "n")]
    [InlineData("""{"model":"m","messages":[U],"max_tokens":0}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[U],"max_completion_tokens":-1}""", "max_completion_tokens")]
    [InlineData("""{"model":"m","messages":[U],"presence_penalty":2.5}""", "presence_penalty")]
    [InlineData("""{"model":"m","messages":[U],"frequency_penalty":-3}""", "frequency_penalty")]
    [InlineData("""{"model":"m","messages":[U],"logprobs":3}""", "logprobs")]
    [InlineData("""{"model":"m","messages":[U],"logprobs":true,"top_logprobs":21}""", "top_logprobs")]
    [InlineData("""{"model":"m","messages":[U],"top_logprobs":2}""", "top_logprobs")]
    [InlineData("""{"model":"m","messages":[U],"top_logprobs":2,"logprobs":false}""", "top_logprobs")]
    [InlineData("""{"model":"m","messages":[U],"stop":["a","b","c","d","e"]}""", "stop")]
    [InlineData("""{"model":"m","messages":[U],"stop":["a",1]}""", "stop[1]")]
    [InlineData("""{"model":"m","messages":[U],"stop":{}}""", "stop")]
    [InlineData("""{"model":"m","messages":[U],"stream":"yes"}""", "stream")]
    [InlineData("""{"model":"m","messages":[U],"stream_options":{"include_usage":true}}""", "stream_options")]
    [InlineData("""{"model":"m","messages":[U],"stream":true,"stream_options":true}""", "stream_options")]
    [InlineData("""{"model":"m","messages":[U],"stream":true,"stream_options":{"include_usage":1}}""", "stream_options.include_usage")]
    [InlineData("""{"model":"m","messages":[U],"tools":{}}""", "tools")]
    [InlineData("""{"model":"m","messages":[U],"tools":[]}""", "tools")]
    [InlineData("""{"model":"m","messages":[U],"tools":[{"function":{"name":"f"}}]}""", "tools[0].type")]
    [InlineData("""{"model":"m","messages":[U],"tools":[{"type":"function"}]}""", "tools[0].function")]
    [InlineData("""{"model":"m","messages":[U],"tools":[{"type":"function","function":{}}]}""", "tools[0].function.name")]
    [InlineData("""{"model":"m","messages":[U],"tools":[{"type":"function","function":{"name":"no spaces"}}]}""", "tools[0].function.name")]
    [InlineData("""{"model":"m","messages":[U],"tools":[{"type":"function","function":{"name":"f","parameters":"x"}}]}""", "tools[0].function.parameters")]
    [InlineData("""{"model":"m","messages":[U],"tools":[{"type":"function","function":{"name":"f","strict":1}}]}""", "tools[0].function.strict")]
    [InlineData("""{"model":"m","messages":[U],"tool_choice":"maybe"}""", "tool_choice")]
    [InlineData("""{"model":"m","messages":[U],"tool_choice":{"type":"function","function":{"name":"g"}},"tools":[{"type":"function","function":{"name":"f"}}]}""", "tool_choice")]
    [InlineData("""{"model":"m","messages":[U],"tool_choice":{"type":"function","function":{}}}""", "tool_choice.function.name")]
    [InlineData("""{"model":"m","messages":[U],"tool_choice":{"type":"function"}}""", "tool_choice.function")]
    [InlineData("""{"model":"m","messages":[U],"tool_choice":{"type":"odd"}}""", "tool_choice.type")]
    [InlineData("""{"model":"m","messages":[U],"parallel_tool_calls":"no"}""", "parallel_tool_calls")]
    [InlineData("""{"model":"m","messages":[U],"response_format":"json"}""", "response_format")]
    [InlineData("""{"model":"m","messages":[U],"response_format":{}}""", "response_format.type")]
    [InlineData("""{"model":"m","messages":[U],"response_format":{"type":"xml"}}""", "response_format.type")]
    [InlineData("""{"model":"m","messages":[U],"response_format":{"type":"json_schema"}}""", "response_format.json_schema")]
    [InlineData("""{"model":"m","messages":[U],"response_format":{"type":"json_schema","json_schema":{"schema":{}}}}""", "response_format.json_schema.name")]
    [InlineData("""{"model":"m","messages":[U],"seed":"x"}""", "seed")]
    [InlineData("""{"model":"m","messages":[U],"seed":1.5}""", "seed")]
    [InlineData("""{"model":"m","messages":[U],"logit_bias":{"5":101}}""", "logit_bias.5")]
    [InlineData("""{"model":"m","messages":[U],"logit_bias":[]}""", "logit_bias")]
    [InlineData("""{"model":"m","messages":[U],"user":5}""", "user")]
    [InlineData("""{"model":"m","messages":[U],"metadata":[]}""", "metadata")]
    [InlineData("""{"model":"m","messages":[U],"metadata":{"a":1}}""", "metadata.a")]
    [InlineData("""{"model":"m","messages":[U],"reasoning_effort":5}""", "reasoning_effort")]
    [InlineData("""{"model":"m","messages":[U],"model":"other"}""", "model")]
    [InlineData("""{"model":"m","messages":[U],"mod\u0065l":"other"}""", "model")]
    [InlineData("""{"model":"m","messages":[U],"top_k":1,"top_k":2}""", "top_k")]
    [InlineData("""{"model":"m","messages":[U],"conversation":7}""", "conversation")]
    [InlineData("""{"model":"m","messages":[U],"conversation":{"id":7}}""", "conversation.id")]
    [InlineData("""{"model":"m","messages":[U],"conversation":["conv_1"]}""", "conversation")]
    [InlineData("""{"model":"m","messages":[U],"store":"no"}""", "store")]
    [InlineData("""{"model":"m","messages":[U],"enable_thinking":"no"}""", "enable_thinking")]
    [InlineData("""{"model":"m","messages":[U],"truncation":"some"}""", "truncation")]
    [InlineData("""{"model":"m","messages":[U],"truncation":true}""", "truncation")]
    public void A_bad_member_of_a_chat_request_is_named(string body, string param) => AssertNamed(Operation.Chat, body, param);

    [Theory]
    [InlineData("""{"model":"m"}""", "prompt")]
    [InlineData("""{"model":"m","prompt":null}""", "prompt")]
    [InlineData("""{"model":"m","prompt":[]}""", "prompt")]
    [InlineData("""{"model":"m","prompt":["a",1]}""", "prompt[1]")]
    [InlineData("""{"model":"m","prompt":[[1],[]]}""", "prompt[1]")]
    [InlineData("""{"model":"m","prompt":"a","logprobs":6}""", "logprobs")]
    [InlineData("""{"model":"m","prompt":"a","best_of":21}""", "best_of")]
    [InlineData("""{"model":"m","prompt":"a","echo":1}""", "echo")]
    [InlineData("""{"model":"m","prompt":"a","suffix":1}""", "suffix")]
    public void A_bad_member_of_a_completion_request_is_named(string body, string param) => AssertNamed(Operation.Completion, body, param);

    [Theory]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":{}}""", "input")]
    [InlineData("""{"model":"m","input":[1.5]}""", "input[0]")]
    [InlineData("""{"model":"m","input":"a","encoding_format":"hex"}""", "encoding_format")]
    [InlineData("""{"model":"m","input":"a","dimensions":0}""", "dimensions")]
    public void A_bad_member_of_an_embedding_request_is_named(string body, string param) => AssertNamed(Operation.Embedding, body, param);

    [Theory]
    [InlineData("""{"model":"m","messages":[U],"stop":"END"}""")]
    [InlineData("""{"model":"m","messages":[U],"stop":["a","b","c","d"],"temperature":0,"top_p":1,"n":128,"seed":-5}""")]
    [InlineData("""{"model":"m","messages":[U],"temperature":null,"stop":null,"tools":null,"stream":null,"conversation":null,"store":null}""")]
    [InlineData("""{"model":"m","messages":[{"role":"developer","content":"x"},{"role":"system","content":[{"type":"text","text":"y"}]},U]}""")]
    [InlineData("""{"model":"m","messages":[U,{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":""}}]},{"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"r"}]}]}""")]
    [InlineData("""{"model":"m","messages":[U,{"role":"assistant","refusal":"no"},{"role":"assistant","content":""}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"text":"x","type":"text"},{"type":"image_url","image_url":{"url":"data:","detail":"low"}},{"type":"file","file":{"file_id":"f"}},{"type":"input_audio","input_audio":{"data":"x","format":"mp3"}}]}]}""")]
    [InlineData("""{"model":"m","messages":[U],"tools":[{"type":"function","function":{"name":"get_weather-2","description":"d","parameters":{},"strict":null}}],"tool_choice":{"type":"function","function":{"name":"get_weather-2"}}}""")]
    [InlineData("""{"model":"m","messages":[U],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}}}""")]
    [InlineData("""{"model":"m","messages":[U],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}}}""")]
    [InlineData("""{"model":"m","messages":[U],"logprobs":true,"top_logprobs":0,"logit_bias":{"50256":-100},"metadata":{"k":"v"},"user":"u"}""")]
    [InlineData("""{"model":"m","messages":[U],"store":false,"enable_thinking":false,"top_k":5,"chat_template_kwargs":{"a":{"model":"x"}}}""")]
    [InlineData("""{"model":"m","messages":[U],"stream":true,"stream_options":{"include_usage":true}}""")]
    public void What_OpenAI_takes_is_taken(string body)
    {
        var request = Read(Operation.Chat, body, out var error);
        Assert.Null(error?.Message);
        Assert.Equal("m", request!.Model);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"model":"m","messages":[U]}x""")]
    [InlineData("""{"model":"m","messages":[U],}""")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"model":"\ud800","messages":[U]}""")]
    public void What_is_not_a_JSON_object_is_refused(string body)
    {
        Assert.Null(Read(Operation.Chat, body, out var error));
        Assert.Equal("invalid_json", error!.Code);
        Assert.Equal(400, error.Status);
    }

    [Fact]
    public void Nesting_has_a_limit()
    {
        var deep = $$"""{"model":"m","messages":[U],"x":{{new string('[', 70)}}{{new string(']', 70)}}}""";
        Assert.Null(Read(Operation.Chat, deep, out var error));
        Assert.Equal("invalid_json", error!.Code);
    }

    [Fact]
    public void Metadata_has_limits()
    {
        AssertNamed(Operation.Chat, WithMetadata($"\"k\":\"{new string('v', 513)}\""), "metadata.k");
        AssertNamed(Operation.Chat, WithMetadata($"\"{new string('k', 65)}\":\"v\""), "metadata");
        AssertNamed(Operation.Chat, WithMetadata(string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"k{i}\":\"v\""))), "metadata");

        static string WithMetadata(string members) => """{"model":"m","messages":[U],"metadata":{M}}""".Replace("M", members, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[U]}""", """{"model":"up/m","messages":[U]}""")]
    [InlineData("""{ "messages" : [U] , "model" : "m" }""", """{ "messages" : [U] , "model" : "up/m" }""")]
    [InlineData("""{"model":"m","messages":[U],"nested":{"model":"m"},"top_k":1}""", """{"model":"up/m","messages":[U],"nested":{"model":"m"},"top_k":1}""")]
    [InlineData("""{"model":"m","messages":[U],"stream":true}""", """{"model":"up/m","messages":[U],"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","messages":[U],"stream":true,"stream_options":null}""", """{"model":"up/m","messages":[U],"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","messages":[U],"stream":true,"stream_options":{}}""", """{"model":"up/m","messages":[U],"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":{"include_usage":false,"x":1},"model":"m","messages":[U],"stream":true}""", """{"stream_options":{"include_usage":true,"x":1},"model":"up/m","messages":[U],"stream":true}""")]
    [InlineData("""{"stream_options":{"x":1},"model":"m","messages":[U],"stream":true}""", """{"stream_options":{"include_usage":true,"x":1},"model":"up/m","messages":[U],"stream":true}""")]
    [InlineData("""{"model":"m","messages":[U],"stream":false,"stream_options":null}""", """{"model":"up/m","messages":[U],"stream":false,"stream_options":null}""")]
    [InlineData("""{"store":false,"model":"m","messages":[U]}""", """{"model":"up/m","messages":[U]}""")]
    [InlineData("""{"store":false,"image":true,"model":"m","messages":[U]}""", """{"model":"up/m","messages":[U]}""")]
    [InlineData("""{"model":"m","store":false,"messages":[U],"enable_thinking":false}""", """{"model":"up/m","messages":[U]}""")]
    [InlineData("""{"model":"m","messages":[U],"deep_research":null,"store_reasoning":false}""", """{"model":"up/m","messages":[U]}""")]
    [InlineData("""{"conversation":null,"model":"m","messages":[U],"stream":true,"store":false}""", """{"model":"up/m","messages":[U],"stream":true,"stream_options":{"include_usage":true}}""")]
    public async Task The_upstream_gets_the_same_bytes_but_for_what_must_differ(string body, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body.Replace("U", User, StringComparison.Ordinal));
        var request = RequestScan.Read(Operation.Chat, bytes, out _)!;
        using var outgoing = new OutgoingBody(bytes, request.Edits, ModelRoute.Quote("up/m"));
        var sent = await outgoing.ReadAsStringAsync();
        Assert.Equal(expected.Replace("U", User, StringComparison.Ordinal), sent);
        Assert.Equal(Encoding.UTF8.GetByteCount(sent), outgoing.Headers.ContentLength);
    }

    private static CompletionRequest? Read(Operation operation, string body, out ServiceDefaults.Errors.ApiError? error) =>
        RequestScan.Read(operation, Encoding.UTF8.GetBytes(body.Replace("U", User, StringComparison.Ordinal)), out error);

    private static void AssertNamed(Operation operation, string body, string param)
    {
        Assert.Null(Read(operation, body, out var error));
        Assert.Equal(param, error!.Param);
        Assert.Equal(400, error.Status);
        Assert.Contains(param.Split('.')[^1], error.Message, StringComparison.Ordinal);
    }
}
