namespace JanServer.ResponseApi.Tests.Tools;

public sealed class ToolReadingTests
{
    [Theory]
    [InlineData("""{}""", "tools")]
    [InlineData("7", "tools")]
    [InlineData("""["web_search"]""", "tools[0]")]
    [InlineData("""[{}]""", "tools[0].type")]
    [InlineData("""[{"type":7}]""", "tools[0].type")]
    [InlineData("""[{"type":"time_machine"}]""", "tools[0].type")]
    [InlineData("""[{"type":"local_shell"}]""", "tools[0].type")]
    [InlineData("""[{"type":"computer_use_preview","display_width":1,"display_height":1,"environment":"linux"}]""", "tools[0].type")]
    [InlineData("""[{"type":"function"}]""", "tools[0].name")]
    [InlineData("""[{"type":"function","name":"a b"}]""", "tools[0].name")]
    [InlineData("""[{"type":"function","function":{"name":"a b"}}]""", "tools[0].function.name")]
    [InlineData("""[{"type":"function","name":"a","parameters":"x"}]""", "tools[0].parameters")]
    [InlineData("""[{"type":"function","name":"a","strict":"yes"}]""", "tools[0].strict")]
    [InlineData("""[{"type":"function","name":"a"},{"type":"custom","name":"a"}]""", "tools[1].name")]
    [InlineData("""[{"type":"custom","name":"a","format":{"type":"poem"}}]""", "tools[0].format.type")]
    [InlineData("""[{"type":"custom","name":"a","format":{"type":"grammar","syntax":"lark"}}]""", "tools[0].format.definition")]
    [InlineData("""[{"type":"web_search","search_context_size":"huge"}]""", "tools[0].search_context_size")]
    [InlineData("""[{"type":"web_search","filters":{"allowed_domains":["a.example",7]}}]""", "tools[0].filters.allowed_domains[1]")]
    [InlineData("""[{"type":"web_search","user_location":{"type":"approximate","country":"France"}}]""", "tools[0].user_location.country")]
    [InlineData("""[{"type":"file_search"}]""", "tools[0].vector_store_ids")]
    [InlineData("""[{"type":"file_search","vector_store_ids":[]}]""", "tools[0].vector_store_ids")]
    [InlineData("""[{"type":"file_search","vector_store_ids":["vs_a","b"]}]""", "tools[0].vector_store_ids")]
    [InlineData("""[{"type":"file_search","vector_store_ids":["vs_a","vs_b"]}]""", "tools[0].vector_store_ids")]
    [InlineData("""[{"type":"file_search","vector_store_ids":["a"],"max_num_results":51}]""", "tools[0].max_num_results")]
    [InlineData("""[{"type":"file_search","vector_store_ids":["a"],"ranking_options":{"score_threshold":2}}]""", "tools[0].ranking_options.score_threshold")]
    [InlineData("""[{"type":"file_search","vector_store_ids":["a"],"filters":{"type":"like","key":"k","value":"v"}}]""", "tools[0].filters.type")]
    [InlineData("""[{"type":"file_search","vector_store_ids":["a"],"filters":{"type":"and","filters":[{"type":"eq","key":"k"}]}}]""", "tools[0].filters.filters[0].value")]
    [InlineData("""[{"type":"code_interpreter"}]""", "tools[0].container")]
    [InlineData("""[{"type":"code_interpreter","container":7}]""", "tools[0].container")]
    [InlineData("""[{"type":"code_interpreter","container":"../x"}]""", "tools[0].container")]
    [InlineData("""[{"type":"code_interpreter","container":{"type":"auto","file_ids":["file_1"]}}]""", "tools[0].container.file_ids")]
    [InlineData("""[{"type":"image_generation","partial_images":4}]""", "tools[0].partial_images")]
    [InlineData("""[{"type":"image_generation","action":"edit"}]""", "tools[0].action")]
    [InlineData("""[{"type":"mcp"}]""", "tools[0].server_label")]
    [InlineData("""[{"type":"mcp","server_label":"a b","server_url":"https://a.example"}]""", "tools[0].server_label")]
    [InlineData("""[{"type":"mcp","server_label":"a","server_url":"ftp://a.example"}]""", "tools[0].server_url")]
    [InlineData("""[{"type":"mcp","server_label":"a","server_url":"https://me:secret@a.example"}]""", "tools[0].server_url")]
    [InlineData("""[{"type":"mcp","server_label":"a","server_url":"https://a.example","headers":{"Host":"b.example"}}]""", "tools[0].headers.Host")]
    [InlineData("""[{"type":"mcp","server_label":"a","server_url":"https://a.example","headers":{"X-A":"b\r\nc: d"}}]""", "tools[0].headers.X-A")]
    [InlineData("""[{"type":"mcp","server_label":"a","server_url":"https://a.example","headers":{"Authorization":"x"},"authorization":"y"}]""", "tools[0].authorization")]
    [InlineData("""[{"type":"mcp","server_label":"a","authorization":"y"}]""", "tools[0].authorization")]
    [InlineData("""[{"type":"mcp","server_label":"a","server_url":"https://a.example","connector_id":"b"}]""", "tools[0].connector_id")]
    [InlineData("""[{"type":"mcp","server_label":"a","server_url":"https://a.example","require_approval":"sometimes"}]""", "tools[0].require_approval")]
    [InlineData("""[{"type":"mcp","server_label":"a","server_url":"https://a.example","allowed_tools":[1]}]""", "tools[0].allowed_tools[0]")]
    public async Task A_tool_of_a_wrong_form_is_refused_by_the_name_of_its_field(string tools, string param)
    {
        await using var host = ToolHost.For(null);
        var error = await host.RefusedAsync(host.Ask($"\"tools\":{tools}"));
        Assert.Equal(400, error.Status);
        Assert.Equal(param, error.Param);
    }

    [Fact]
    public async Task A_request_without_tools_has_none_unless_the_operator_wants_those_of_mcp_tools()
    {
        await using var mcp = await FakeMcpTools.StartAsync();
        mcp.With("google_search", _ => FakeMcpTools.Text("found"), """{"q":{"type":"string"},"user_id":{"type":"string"}}""");
        await using var host = ToolHost.For(mcp);
        Assert.Empty((await host.ToolsAsync("\"input\":\"hi\"")).Bindings);

        await using var generous = ToolHost.For(mcp, ("Tools:DefaultFromMcpTools", "true"));
        Assert.Empty((await generous.ToolsAsync("\"tools\":[]")).Bindings);
        var response = generous.Ask("\"input\":\"hi\"");
        await using var tools = await generous.ToolsAsync(response);
        Assert.Equal("""{"q":{"type":"string"}}""", tools.Bindings["google_search"].Function.Parameters.GetProperty("properties").GetRawText());
        var (outcome, _) = await tools.CallAsync(response, "google_search", """{"q":"cats"}""");
        Assert.Equal("found", outcome.ModelText);
        Assert.Equal("mcp_call", outcome.Item.Text("type"));
        Assert.Equal("jan", outcome.Item.Text("server_label"));
    }

    [Fact]
    public async Task Functions_and_custom_tools_are_the_clients()
    {
        await using var host = ToolHost.For(null);
        var tools = await host.ToolsAsync(
            """
            "tools":[
              {"type":"function","name":"get_weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}}},"strict":true},
              {"type":"function","function":{"name":"old_form","parameters":{"type":"object"}}},
              {"type":"function","name":"bare"},
              {"type":"custom","name":"run_sql","description":"s","format":{"type":"grammar","syntax":"lark","definition":"start: /x+/"}}]
            """);

        Assert.All(tools.Bindings.Values, binding => Assert.True(binding.IsClients));
        Assert.Equal(["get_weather", "old_form", "bare", "run_sql"], tools.Bindings.Keys);
        Assert.True(tools.Bindings["get_weather"].Function.Strict);
        Assert.Equal("function_call", tools.Bindings["get_weather"].ClientItemType);
        Assert.Equal("object", tools.Bindings["bare"].Function.Parameters.Text("type"));
        var custom = tools.Bindings["run_sql"];
        Assert.Equal("custom_tool_call", custom.ClientItemType);
        Assert.Contains("start: /x+/", custom.Function.Parameters.GetProperty("properties").GetProperty("input").Text("description"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hosted_tool_gives_way_to_a_function_of_the_client_with_its_name()
    {
        await using var mcp = await FakeMcpTools.StartAsync();
        mcp.With("google_search", _ => FakeMcpTools.Text("found"));
        await using var host = ToolHost.For(mcp);
        var tools = await host.ToolsAsync("""
            "tools":[{"type":"web_search"},{"type":"function","name":"google_search"}],"tool_choice":{"type":"web_search_preview"}
            """);
        Assert.True(tools.Bindings["google_search"].IsClients);
        Assert.False(tools.Bindings["google_search_2"].IsClients);
        Assert.Equal(["google_search_2"], tools.Choice.Functions);
    }

    [Theory]
    [InlineData("\"none\"", "none", null)]
    [InlineData("\"auto\"", "auto", null)]
    [InlineData("\"required\"", "required", null)]
    [InlineData("""{"type":"function","name":"f"}""", "required", "f")]
    [InlineData("""{"type":"function","function":{"name":"f"}}""", "required", "f")]
    [InlineData("""{"type":"custom","name":"c"}""", "required", "c")]
    [InlineData("""{"type":"web_search_preview"}""", "required", "google_search")]
    [InlineData("""{"type":"mcp","server_label":"wiki"}""", "required", "wiki_read,wiki_write")]
    [InlineData("""{"type":"mcp","server_label":"wiki","name":"read"}""", "required", "wiki_read")]
    [InlineData("""{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"},{"type":"web_search"}]}""", "auto", "f,google_search")]
    [InlineData("""{"type":"mcp","server_label":"down"}""", "auto", null)]
    public async Task The_tool_choice_becomes_names_of_functions(string choice, string mode, string? functions)
    {
        await using var mcp = await FakeMcpTools.StartAsync();
        mcp.With("google_search", _ => FakeMcpTools.Text("")).WithWiki("read", _ => FakeMcpTools.Text("")).WithWiki("write", _ => FakeMcpTools.Text(""));
        await using var host = ToolHost.For(mcp, ("Outbound:AllowedNetworks:0", "127.0.0.0/8"));
        await using var tools = await host.ToolsAsync($$"""
            "tools":[{"type":"function","name":"f"},{"type":"custom","name":"c"},{"type":"web_search"},{"type":"mcp","server_label":"wiki"},
              {"type":"mcp","server_label":"down","server_url":"http://127.0.0.1:1/mcp"}],
            "tool_choice":{{choice}}
            """);
        Assert.Equal(mode, tools.Choice.Mode);
        Assert.Equal(functions, tools.Choice.Functions is { } names ? string.Join(',', names.Order(StringComparer.Ordinal)) : null);
    }

    [Fact]
    public async Task A_tool_that_its_server_does_not_have_cannot_be_chosen()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).WithWiki("read", _ => FakeMcpTools.Text(""));
        await using var host = ToolHost.For(mcp);
        var error = await host.RefusedAsync(host.Ask("""
            "tools":[{"type":"mcp","server_label":"wiki"}],"tool_choice":{"type":"mcp","server_label":"wiki","name":"dance"}
            """));
        Assert.Equal("tool_choice", error.Param);
    }
}
