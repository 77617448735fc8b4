using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ResponseApi.Tests.Background;

/// <summary>Two hosts on one database.</summary>
public sealed class ReplicaTests
{
    [Fact]
    public async Task A_cancellation_reaches_the_replica_that_runs_it_and_what_was_made_is_kept()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        await using var worker = await service.ReplicaAsync(("Background:Workers", "1"));
        using var there = worker.Anonymous();
        using var client = service.ClientFor(TestCallers.User());
        var modelIsGone = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("half"));
            await exchange.ClientGone;
            modelIsGone.SetResult();
        });
        var id = (await client.RespondAsync(new { model = "m", input = "Hi", background = true }).JsonAsync()).Text("id");
        await client.BecomesAsync(id, "in_progress");
        await service.Llm.ArrivalAsync();

        Assert.Equal("cancelled", (await client.PokeAsync($"/v1/responses/{id}/cancel").JsonAsync()).Text("status"));

        await modelIsGone.Task.Soon();
        await Eventually.True(() => worker.Services.GetRequiredService<RunningResponses>().All.Count == 0);
        Assert.Equal("cancelled", (await client.AskAsync($"/v1/responses/{id}").JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task A_response_whose_replica_died_is_finished_by_another_and_its_stream_has_no_gap()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        var dying = await service.ReplicaAsync(("Background:Workers", "1"));
        using var there = dying.Anonymous();
        var owner = TestCallers.User();
        using var client = service.ClientFor(owner);
        var first = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("lost"));
            first.SetResult();
            await exchange.ClientGone;
        });
        using var stream = await client.StreamAsync(new { model = "m", input = "Hi", background = true, stream = true });
        var seen = new List<SseEvent>();
        while (seen.LastOrDefault()?.Event != "response.output_text.delta")
        {
            seen.Add((await stream.NextAsync())!);
        }

        var id = (string)seen[0].Json["response"]!["id"]!;
        await first.Task.Soon();

        // Its lease is over, as after kill -9: it may live on, but nothing of what it writes counts.
        service.Llm.Says("found");
        await service.Database.ExecuteAsync("UPDATE responses SET lease_until = now() - interval '1 second' WHERE status = 'in_progress'");
        await using var heir = await service.ReplicaAsync(("Background:Workers", "1"));
        using var here = heir.Anonymous();

        var ended = await client.BecomesAsync(id, "completed");
        Assert.Equal("found", ended.OutputText());
        seen.AddRange(await stream.RestAsync());
        Assert.Equal(Enumerable.Range(0, seen.Count).Select(number => (long)number), seen.Select(one => (long)one.Json["sequence_number"]!));
        Assert.Equal("response.completed", seen[^1].Event);
        Assert.Single(seen, one => one.Event == "response.created");

        // Again on another replica, from the middle.
        using var other = heir.ClientFor(owner);
        using var again = await other.StreamAsync($"/v1/responses/{id}?stream=true&starting_after={seen.Count / 2}");
        Assert.Equal(seen.Skip((seen.Count / 2) + 1).Select(one => one.Data), (await again.RestAsync()).Select(one => one.Data));
        await dying.DisposeAsync();
        Assert.Equal("found", (await client.AskAsync($"/v1/responses/{id}").JsonAsync()).OutputText());
    }

    [Fact]
    public async Task A_lease_that_is_lost_stops_the_run()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "1"));
        using var client = service.ClientFor(TestCallers.User());
        var modelIsGone = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ClientGone;
            modelIsGone.SetResult();
        });
        await client.RespondAsync(new { model = "m", input = "Hi", background = true }).JsonAsync();
        await service.Llm.ArrivalAsync();
        await service.Database.ExecuteAsync("UPDATE responses SET lease = gen_random_uuid()");

        await service.Services.GetRequiredService<LeaseKeeper>().KeepAsync(default);

        await modelIsGone.Task.Soon();
    }

    [Fact]
    public async Task A_replica_that_stops_gives_its_runs_back()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        var stopping = await service.ReplicaAsync(("Background:Workers", "1"));
        using var there = stopping.Anonymous();
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.NextChat(exchange => exchange.StallAsync());
        var id = (await client.RespondAsync(new { model = "m", input = "Hi", background = true }).JsonAsync()).Text("id");
        await service.Llm.ArrivalAsync();

        await stopping.DisposeAsync();

        Assert.Equal("queued", (await client.AskAsync($"/v1/responses/{id}").JsonAsync()).Text("status"));
        service.Llm.Says("Done");
        await using var heir = await service.ReplicaAsync(("Background:Workers", "1"));
        using var here = heir.Anonymous();
        Assert.Equal("Done", (await client.BecomesAsync(id, "completed")).OutputText());
    }

    [Fact]
    public async Task A_response_that_is_deleted_while_it_runs_stops_and_is_gone()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        await using var worker = await service.ReplicaAsync(("Background:Workers", "1"));
        using var there = worker.Anonymous();
        using var client = service.ClientFor(TestCallers.User());
        var modelIsGone = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ClientGone;
            modelIsGone.SetResult();
        });
        var id = (await client.RespondAsync(new { model = "m", input = "Hi", background = true }).JsonAsync()).Text("id");
        await service.Llm.ArrivalAsync();

        await client.DropAsync($"/v1/responses/{id}").JsonAsync();

        await modelIsGone.Task.Soon();
        Assert.Equal(0, await service.Database.ScalarAsync<long>("SELECT count(*) FROM responses"));
        Assert.Equal(0, await service.Database.ScalarAsync<long>("SELECT count(*) FROM response_events"));
    }
}
