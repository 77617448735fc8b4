using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.LlmApi.Prompts;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Prompts;

public class ModuleTests(ModuleTests.Host api) : IClassFixture<ModuleTests.Host>
{
    private const string Short = """{"model":"vendor/model","messages":[{"role":"user","content":"hi"}]}""";

    /// <summary>With modules switched on, and accounts that knows what users have chosen.</summary>
    public sealed class Host : LlmApiFactory
    {
        public Host()
        {
            this["Prompts:Enabled"] = "true";
            this["Prompts:SettingsLifetime"] = "00:00:00";
        }

        public FakeUpstream Accounts { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            Accounts = await FakeUpstream.StartAsync();
            Accounts.Always("/internal/audit-logs", x => x.JsonAsync("{}"));
            this["services:accounts:http:0"] = Accounts.BaseAddress.GetLeftPart(UriPartial.Authority);
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Accounts.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    [Fact]
    public async Task Modules_make_one_system_message_in_their_order_around_the_callers_own()
    {
        var caller = Knows("""{"profile_settings":{"base_style":"Concise","nick_name":"Ann \"A\"","occupation":"pilot"}}""");
        var (sent, response) = await ChatAsync(
            caller,
            """{"model":"vendor/model","deep_research":true,"tools":[{"type":"function","function":{"name":"web_search","description":"Searches."}}],"messages":[{"role":"system","content":"OWN"},{"role":"user","content":"Why does my python code fail?"}]}""",
            "likes tea; likes tea ;;flies \"planes\"");
        Assert.Equal(
            "deep_research,timing,user_profile,memory,tool_instructions,code_assistant,chain_of_thought",
            response.Headers.GetValues(PreparedRequest.AppliedHeader).Single());
        Assert.False(response.Headers.Contains(PreparedRequest.FailedHeader));
        var messages = sent["messages"]!.AsArray();
        Assert.Equal(["system", "user"], messages.Select(message => message!["role"]!.GetValue<string>()));
        var text = messages[0]!["content"]!.GetValue<string>();
        AssertInOrder(
            text,
            "researcher", DateTimeOffset.Now.Year.ToString(System.Globalization.CultureInfo.InvariantCulture), "\n\nOWN\n\n", "Concise", "Ann \"A\"", "pilot",
            "- likes tea\n- flies \"planes\"", "- web_search: Searches.", "call web_search", "fenced blocks", "deserves thought");
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no value", text, StringComparison.Ordinal);
        Assert.Null(sent["deep_research"]);
    }

    [Fact]
    public async Task Without_a_system_message_one_comes_first_and_the_rest_stays_byte_for_byte()
    {
        var (sent, _) = await ChatTextAsync(
            Knows("{}"),
            """{ "messages" : [ {"content":"hi","role":"user"} ], "disable_modules":["user_profile"], "model":"vendor/model" }""");
        Assert.StartsWith("""{ "messages" : [{"role":"system","content":"You are Jan""", sent, StringComparison.Ordinal);
        Assert.EndsWith("""}, {"content":"hi","role":"user"} ], "model":"fake-model" }""", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_message_of_parts_gets_parts()
    {
        var (sent, _) = await ChatAsync(
            Knows("""{"profile_settings":{"base_style":"Friendly"}}"""),
            """{"model":"vendor/model","messages":[{"role":"developer","content":[{"type":"text","text":"OWN"}]},{"role":"user","content":"hi"}]}""");
        var parts = sent["messages"]![0]!["content"]!.AsArray();
        Assert.Equal(3, parts.Count);
        Assert.StartsWith("You are Jan", parts[0]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("OWN", parts[1]!["text"]!.GetValue<string>());
        Assert.Contains("Friendly", parts[2]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(2, sent["messages"]!.AsArray().Count);
    }

    [Fact]
    public async Task Modules_are_switched_off_by_name_and_then_cost_nothing()
    {
        var caller = TestCallers.User();
        var (sent, response) = await ChatTextAsync(caller, Short[..^1] + ""","disable_modules":["timing","user_profile","memory"]}""");
        Assert.Equal(Short.Replace("vendor/model", "fake-model", StringComparison.Ordinal), sent);
        Assert.False(response.Headers.Contains(PreparedRequest.AppliedHeader));
    }

    [Fact]
    public async Task A_module_that_does_not_exist_is_a_400()
    {
        using var response = await api.Client().ChatAsync(Short[..^1] + ""","disable_modules":["timing","poetry"]}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal("disable_modules[1]", error["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task Accounts_being_away_costs_the_profile_and_not_the_answer()
    {
        var caller = TestCallers.User();
        api.Accounts.Always(PathOf(caller), x => x.ErrorAsync(404, "not_found", "gone"));
        var (_, response) = await ChatAsync(caller, Short);
        Assert.Equal("timing", response.Headers.GetValues(PreparedRequest.AppliedHeader).Single());
        Assert.Equal("user_profile", response.Headers.GetValues(PreparedRequest.FailedHeader).Single());
    }

    [Fact]
    public async Task A_user_who_wants_no_memory_gets_none()
    {
        var caller = Knows("""{"memory_config":{"enabled":false},"profile_settings":{"base_style":""}}""");
        var (_, response) = await ChatAsync(caller, Short, "likes tea");
        Assert.Equal("timing", response.Headers.GetValues(PreparedRequest.AppliedHeader).Single());
    }

    [Fact]
    public async Task A_model_gets_its_own_template_and_a_template_that_is_off_switches_its_module_off()
    {
        using var host = new HttpClientOf(api);
        var made = await host.PostAsync("/v1/admin/prompt-templates", new
        {
            name = "own timing",
            category = "system",
            template_key = "timing_own",
            content = "Own {{.CurrentDate}}",
        });
        using var assigned = await host.Http.PostAsJsonAsync(
            "/v1/admin/models/prompt-templates/assign/vendor/model",
            new { template_key = "timing", prompt_template_id = made["id"]!.GetValue<string>() });
        Assert.Equal(HttpStatusCode.OK, assigned.StatusCode);
        try
        {
            var (sent, _) = await ChatAsync(TestCallers.User(), Short[..^1] + ""","disable_modules":["user_profile"]}""");
            Assert.StartsWith("Own ", sent["messages"]![0]!["content"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        finally
        {
            using var removed = await host.Http.DeleteAsync(new Uri("/v1/admin/models/prompt-templates/unassign/timing/vendor/model", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }
    }

    private sealed class HttpClientOf(Host host) : IDisposable
    {
        public HttpClient Http { get; } = host.ClientFor(TestCallers.Admin());

        public async Task<JsonNode> PostAsync(string path, object body)
        {
            using var response = await Http.PostAsJsonAsync(path, body);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["data"]!;
        }

        public void Dispose() => Http.Dispose();
    }

    private ServiceDefaults.Auth.Caller Knows(string settings)
    {
        var caller = TestCallers.User();
        api.Accounts.Always(PathOf(caller), x => x.JsonAsync(settings));
        return caller;
    }

    private static string PathOf(ServiceDefaults.Auth.Caller caller) => $"/internal/users/{caller.UserId}/settings";

    private async Task<(JsonNode Sent, HttpResponseMessage Response)> ChatAsync(ServiceDefaults.Auth.Caller caller, string body, string? memory = null)
    {
        var (text, response) = await ChatTextAsync(caller, body, memory);
        return (JsonNode.Parse(text)!, response);
    }

    private async Task<(string Sent, HttpResponseMessage Response)> ChatTextAsync(ServiceDefaults.Auth.Caller caller, string body, string? memory = null)
    {
        // Tests of this class run one after the other, so the next chat is this one.
        RecordedRequest? asked = null;
        api.Upstream.NextChat(x =>
        {
            asked = x.Request;
            return x.JsonAsync(OpenAIShapes.Completion("hi"));
        });
        using var client = api.ClientFor(caller);
        if (memory is not null)
        {
            client.DefaultRequestHeaders.Add(PromptInputs.MemoryHeader, memory);
        }

        var response = await client.ChatAsync(body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (asked!.Text, response);
    }

    private static void AssertInOrder(string text, params string[] pieces)
    {
        var at = 0;
        foreach (var piece in pieces)
        {
            var found = text.IndexOf(piece, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{piece}' is not where it should be in: {text}");
            at = found + piece.Length;
        }
    }
}
