using System.Net;
using JanServer.ResponseApi.EventLog;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ResponseApi.Tests.EventLog;

public sealed class EventLogTests
{
    [Fact]
    public async Task A_background_stream_is_live_and_can_be_left_and_read_again()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        var more = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("one "));
            await more.Task;
            await OpenAIShapes.StreamAsync(exchange, "two");
        });

        string id;
        long last = -1;
        using (var stream = await client.StreamAsync(new { model = "m", input = "Hi", background = true, stream = true }))
        {
            var begin = (await stream.NextAsync())!;
            Assert.Equal("response.created", begin.Event);
            id = (string)begin.Json["response"]!["id"]!;
            Assert.Equal("response.queued", (await stream.NextAsync())!.Event);
            while ((await stream.NextAsync()) is { Event: not "response.output_text.delta" } happened)
            {
                last = (long)happened.Json["sequence_number"]!;
            }
        }

        // The client has left, the run has not.
        more.SetResult();
        await client.BecomesAsync(id, "completed");
        using var rest = await client.StreamAsync($"/v1/responses/{id}?stream=true&starting_after={last}");
        var events = await rest.RestAsync();
        Assert.Equal(last + 1, (long)events[0].Json["sequence_number"]!);
        Assert.Equal("response.completed", events[^1].Event);
        Assert.Equal("one two", string.Concat(events.Where(one => one.Event == "response.output_text.delta").Select(one => (string)one.Json["delta"]!)));
    }

    [Fact]
    public async Task A_cancelled_stream_ends_with_an_event_that_clients_know()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.NextChat(exchange => exchange.StallAsync());
        using var stream = await client.StreamAsync(new { model = "m", input = "Hi", background = true, stream = true });
        var id = (string)(await stream.NextAsync())!.Json["response"]!["id"]!;
        await service.Llm.ArrivalAsync();

        await client.PokeAsync($"/v1/responses/{id}/cancel").JsonAsync();

        var last = (await stream.RestAsync())[^1];
        Assert.Equal("response.incomplete", last.Event);
        Assert.Equal("cancelled", (string)last.Json["response"]!["status"]!);
    }

    [Fact]
    public async Task Events_go_when_their_time_is_over_and_the_response_stays()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("Done");
        var id = (await client.RespondAsync(new { model = "m", input = "Hi", background = true }).JsonAsync()).Text("id");
        await client.BecomesAsync(id, "completed");
        var pruning = service.Services.GetRequiredService<EventPruning>();
        Assert.Equal(0, await pruning.PruneAsync(default));
        await service.Database.ExecuteAsync("UPDATE responses SET ended_at = ended_at - interval '25 hours'");

        Assert.True(await pruning.PruneAsync(default) > 0);

        await client.AskAsync($"/v1/responses/{id}?stream=true").ErrorAsync(HttpStatusCode.BadRequest, "stream");
        Assert.Equal("Done", (await client.AskAsync($"/v1/responses/{id}").JsonAsync()).OutputText());
    }

    [Fact]
    public async Task Responses_go_too_when_the_operator_wants_that()
    {
        await using var service = await ResponseService.StartAsync(("Background:RetentionDays", "30"));
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("Old");
        service.Llm.Says("New");
        await client.RespondAsync(new { model = "m", input = "Hi" }).JsonAsync();
        await service.Database.ExecuteAsync("UPDATE responses SET ended_at = ended_at - interval '31 days'");
        var id = (await client.RespondAsync(new { model = "m", input = "Hi" }).JsonAsync()).Text("id");

        Assert.Equal(1, await service.Services.GetRequiredService<EventPruning>().RetireAsync(default));

        await client.AskAsync($"/v1/responses/{id}").JsonAsync();
    }

    [Fact]
    public async Task Nobody_else_reads_a_stream()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        using var client = service.ClientFor(TestCallers.User());
        using var other = service.ClientFor(TestCallers.User());
        var id = (await client.RespondAsync(new { model = "m", input = "Hi", background = true }).JsonAsync()).Text("id");

        await other.AskAsync($"/v1/responses/{id}?stream=true").ErrorAsync(HttpStatusCode.NotFound);
    }
}
