using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Tests.Fixtures;

namespace JanServer.ResponseApi.Tests.Items;

public sealed class InputReaderTests
{
    [Theory]
    [InlineData("\"hi\"", """{"type":"message","status":"completed","role":"user","content":[{"type":"input_text","text":"hi"}]}""")]
    [InlineData("""{"content":"hi"}""", """{"type":"message","status":"completed","role":"user","content":[{"type":"input_text","text":"hi"}]}""")]
    [InlineData("""[{"role":"developer","content":[{"type":"input_text","text":"a"}]}]""", """{"type":"message","status":"completed","role":"developer","content":[{"type":"input_text","text":"a"}]}""")]
    [InlineData("""[{"role":"assistant","content":"yes"}]""", """{"type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"yes","annotations":[],"logprobs":[]}]}""")]
    [InlineData("""[{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"no"}]}]""", """{"type":"message","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"no"}]}""")]
    [InlineData("""[{"role":"user","content":[{"type":"input_image","image_url":"https://a/b.png"}]}]""", """{"type":"message","status":"completed","role":"user","content":[{"type":"input_image","detail":"auto","image_url":"https://a/b.png"}]}""")]
    [InlineData("""[{"role":"user","content":[{"type":"input_image","file_id":"jan_1","detail":"low"}]}]""", """{"type":"message","status":"completed","role":"user","content":[{"type":"input_image","detail":"low","file_id":"jan_1"}]}""")]
    [InlineData("""[{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}]}]""", """{"type":"message","status":"completed","role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}]}""")]
    [InlineData("""[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]""", """{"type":"function_call","call_id":"c","name":"f","arguments":"{}","status":"completed"}""")]
    [InlineData("""[{"type":"function_call_output","call_id":"c","output":"r"}]""", """{"type":"function_call_output","call_id":"c","output":"r","status":"completed"}""")]
    [InlineData("""[{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"r"}]}]""", """{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"r"}],"status":"completed"}""")]
    [InlineData("""[{"type":"custom_tool_call","call_id":"c","name":"f","input":"x"}]""", """{"type":"custom_tool_call","call_id":"c","name":"f","input":"x"}""")]
    [InlineData("""[{"type":"reasoning","summary":[{"type":"summary_text","text":"t"}],"encrypted_content":null}]""", """{"type":"reasoning","summary":[{"type":"summary_text","text":"t"}],"encrypted_content":null}""")]
    [InlineData("""[{"type":"mcp_approval_response","approval_request_id":"m","approve":false,"reason":"no"}]""", """{"type":"mcp_approval_response","approval_request_id":"m","approve":false,"reason":"no"}""")]
    [InlineData("""[{"type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}}]""", """{"type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}}""")]
    public void Input_becomes_items_in_OpenAIs_form(string input, string expected)
    {
        var item = Assert.Single(Given.Items(input)).Item;

        Assert.Matches("^[a-z]+_[0-9a-v]{26}$", item.GetProperty("id").GetString());
        Assert.Equal(expected, "{" + item.GetRawText()[(item.GetRawText().IndexOf(',', StringComparison.Ordinal) + 1)..]);
    }

    [Fact]
    public void An_id_of_the_client_stays_and_a_reference_is_one()
    {
        var items = Given.Items("""[{"id":"msg_x","role":"user","content":"a"},{"id":"msg_y"},{"type":"item_reference","id":"msg_z"}]""");

        Assert.Equal(["msg_x", "msg_y", "msg_z"], items.Select(one => one.Item.GetProperty("id").GetString()));
        Assert.Equal(["message", "item_reference", "item_reference"], items.Select(one => one.Item.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("5", "input")]
    [InlineData("[5]", "input[0]")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"king","content":"b"}]""", "input[1].role")]
    [InlineData("""[{"role":"user"}]""", "input[0].content")]
    [InlineData("""[{"role":"user","content":5}]""", "input[0].content")]
    [InlineData("""[{"role":"user","content":[{"type":"input_text"}]}]""", "input[0].content[0].text")]
    [InlineData("""[{"role":"user","content":[{"type":"output_text","text":"a"}]}]""", "input[0].content[0].type")]
    [InlineData("""[{"role":"assistant","content":[{"type":"input_image","image_url":"https://a"}]}]""", "input[0].content[0].type")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"user","content":[{"type":"input_image","image_url":"ftp://a"}]}]""", "input[2].content[0].image_url")]
    [InlineData("""[{"role":"user","content":[{"type":"input_image"}]}]""", "input[0].content[0].image_url")]
    [InlineData("""[{"role":"user","content":[{"type":"input_image","image_url":"https://a","detail":"max"}]}]""", "input[0].content[0].detail")]
    [InlineData("""[{"role":"user","content":[{"type":"input_file"}]}]""", "input[0].content[0].file_data")]
    [InlineData("""[{"role":"user","content":[{"type":"input_file","file_url":"https://a"}]}]""", "input[0].content[0].file_url")]
    [InlineData("""[{"type":"function_call","name":"f","arguments":"{}"}]""", "input[0].call_id")]
    [InlineData("""[{"type":"function_call","call_id":"c","name":"f","arguments":{}}]""", "input[0].arguments")]
    [InlineData("""[{"type":"function_call_output","call_id":"c"}]""", "input[0].output")]
    [InlineData("""[{"type":"function_call_output","call_id":"c","output":[{"type":"text","text":1}]}]""", "input[0].output[0].text")]
    [InlineData("""[{"type":"mcp_approval_response","approval_request_id":"m"}]""", "input[0].approve")]
    [InlineData("""[{"type":"computer_call_output","call_id":"c","output":{}}]""", "input[0].type")]
    [InlineData("""[{"type":"reasoning","summary":[{}]}]""", "input[0].summary[0].text")]
    [InlineData("""[{"type":"reasoning","summary":[],"extra":"\udc00"}]""", "input[0]")]
    public void What_is_wrong_is_named_by_its_path(string input, string param)
    {
        var (items, error) = InputReader.Read(Given.Json(input), TimeProvider.System);

        Assert.Null(items);
        Assert.Equal((400, param), (error!.Status, error.Param));
    }

    [Theory]
    [InlineData("""[{"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"a","output":"1"}]""", null)]
    [InlineData("""[{"type":"function_call","call_id":"a","name":"f","arguments":"{}"}]""", "input")]
    [InlineData("""[{"type":"function_call_output","call_id":"a","output":"1"}]""", "input[0].call_id")]
    [InlineData("""[{"type":"function_call","call_id":"a","name":"f","arguments":"{","status":"incomplete"}]""", null)]
    public void Calls_and_outputs_belong_together(string input, string? param) =>
        Assert.Equal(param, CallPairing.Check([], Given.Items(input))?.Param);

    [Fact]
    public void An_output_finds_its_call_in_the_context()
    {
        var context = Given.Items("""[{"type":"function_call","call_id":"a","name":"f","arguments":"{}"}]""");

        Assert.Null(CallPairing.Check(context, Given.Items("""[{"type":"function_call_output","call_id":"a","output":"1"}]""")));
        Assert.NotNull(CallPairing.Check(context, Given.Items("\"never mind\"")));
    }
}
