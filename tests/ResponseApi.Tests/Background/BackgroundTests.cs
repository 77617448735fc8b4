using System.Net;
using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ResponseApi.Tests.Background;

public sealed class BackgroundTests
{
    [Fact]
    public async Task A_background_response_is_answered_at_once_and_ends_later()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        var more = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            await more.Task;
            await OpenAIShapes.StreamAsync(exchange, "Later");
        });

        var made = await client.RespondAsync(new { model = "m", input = "Hi", background = true, metadata = new { k = "v" } }).JsonAsync();

        Assert.Contains(made.Text("status"), (string[])["queued", "in_progress"]);
        Assert.True(made.GetProperty("background").GetBoolean());
        Assert.True(made.GetProperty("store").GetBoolean());
        Assert.Equal("v", made.GetProperty("metadata").Text("k"));
        Assert.Empty(made.GetProperty("output").EnumerateArray());
        await client.BecomesAsync(made.Text("id"), "in_progress");
        more.SetResult();
        var ended = await client.BecomesAsync(made.Text("id"), "completed");
        Assert.Equal("Later", ended.OutputText());
        Assert.True(ended.GetProperty("queued_at").GetInt64() > 0);
        Assert.True(ended.GetProperty("started_at").GetInt64() > 0);
    }

    [Fact]
    public async Task What_waits_says_where_and_goes_in_order()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        using var client = service.ClientFor(TestCallers.User());
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await client.RespondAsync(new { model = "m", input = $"{i}", background = true }).JsonAsync()).Text("id"));
        }

        Assert.Equal(3, (await client.AskAsync($"/v1/responses/{ids[2]}").JsonAsync()).GetProperty("queue_position").GetInt32());
        var store = service.Services.GetRequiredService<RunStore>();
        Assert.Equal(ids[0], (await store.ClaimQueuedAsync(default))!.Id.ToString());
        Assert.Equal(2, (await client.AskAsync($"/v1/responses/{ids[2]}").JsonAsync()).GetProperty("queue_position").GetInt32());
        Assert.Equal(ids[1], (await store.ClaimQueuedAsync(default))!.Id.ToString());
    }

    [Fact]
    public async Task Two_replicas_never_take_the_same_response()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"), ("Background:MaxRunningPerUser", "100"));
        await using var replica = await service.ReplicaAsync(("Background:Workers", "0"), ("Background:MaxRunningPerUser", "100"));
        using var client = service.ClientFor(TestCallers.User());
        for (var i = 0; i < 20; i++)
        {
            await client.RespondAsync(new { model = "m", input = $"{i}", background = true }).JsonAsync();
        }

        using var started = replica.Anonymous();
        var claims = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            (i % 2 == 0 ? service : replica).Services.GetRequiredService<RunStore>().ClaimQueuedAsync(default))).Soon();

        var taken = claims.OfType<Claim>().Select(claim => claim.Id).ToList();
        Assert.Equal(20, taken.Count);
        Assert.Equal(20, taken.Distinct().Count());
    }

    [Fact]
    public async Task One_user_cannot_take_all_places()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"), ("Background:MaxRunningPerUser", "2"));
        using var busy = service.ClientFor(TestCallers.User());
        using var other = service.ClientFor(TestCallers.User());
        for (var i = 0; i < 4; i++)
        {
            await busy.RespondAsync(new { model = "m", input = $"{i}", background = true }).JsonAsync();
        }

        var theirs = (await other.RespondAsync(new { model = "m", input = "x", background = true }).JsonAsync()).Text("id");
        var store = service.Services.GetRequiredService<RunStore>();
        await store.ClaimQueuedAsync(default);
        await store.ClaimQueuedAsync(default);
        Assert.Equal(theirs, (await store.ClaimQueuedAsync(default))!.Id.ToString());
        Assert.Null(await store.ClaimQueuedAsync(default));
    }

    [Fact]
    public async Task A_full_queue_says_when_to_come_back()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"), ("Background:MaxQueuedPerUser", "1"));
        using var client = service.ClientFor(TestCallers.User());
        await client.RespondAsync(new { model = "m", input = "1", background = true }).JsonAsync();

        using var refused = await client.RespondAsync(new { model = "m", input = "2", background = true });

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Single((await client.AskAsync("/v1/responses").JsonAsync()).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_response_in_the_queue_is_cancelled_for_good()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        using var client = service.ClientFor(TestCallers.User());
        var id = (await client.RespondAsync(new { model = "m", input = "1", background = true }).JsonAsync()).Text("id");

        var cancelled = await client.PokeAsync($"/v1/responses/{id}/cancel").JsonAsync();

        Assert.Equal("cancelled", cancelled.Text("status"));
        Assert.True(cancelled.GetProperty("cancelled_at").GetInt64() > 0);
        Assert.Equal("cancelled", (await client.PokeAsync($"/v1/responses/{id}/cancel").JsonAsync()).Text("status"));
        Assert.Null(await service.Services.GetRequiredService<RunStore>().ClaimQueuedAsync(default));
    }

    [Fact]
    public async Task A_run_that_takes_too_long_fails()
    {
        await using var service = await ResponseService.StartAsync(("BACKGROUND_TASK_TIMEOUT", "1s"), ("BACKGROUND_WORKER_COUNT", "1"));
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.NextChat(exchange => exchange.StallAsync());

        var id = (await client.RespondAsync(new { model = "m", input = "1", background = true }).JsonAsync()).Text("id");

        var failed = await client.BecomesAsync(id, "failed");
        Assert.Equal("server_error", failed.GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task A_database_that_is_away_for_a_moment_costs_nothing()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        var more = new TaskCompletionSource();
        var sent = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("one "));
            await more.Task;
            await OpenAIShapes.StreamAsync(exchange, "two");
            sent.SetResult();
        });
        var id = (await client.RespondAsync(new { model = "m", input = "1", background = true }).JsonAsync()).Text("id");
        await service.Llm.ArrivalAsync();

        await service.Database.GoAwayAsync();
        more.SetResult();
        await sent.Task.Soon();
        await client.AskAsync($"/v1/responses/{id}").JsonAsync(HttpStatusCode.ServiceUnavailable);
        await service.Database.ComeBackAsync();

        Assert.Equal("one two", (await client.BecomesAsync(id, "completed")).OutputText());
        Assert.Single(service.Llm.Requests);
    }

    [Fact]
    public async Task What_was_begun_too_often_fails()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        using var client = service.ClientFor(TestCallers.User());
        var id = (await client.RespondAsync(new { model = "m", input = "1", background = true }).JsonAsync()).Text("id");
        await service.Services.GetRequiredService<RunStore>().ClaimQueuedAsync(default);
        await service.Database.ExecuteAsync("UPDATE responses SET attempts = 5, lease_until = now() - interval '1 second'");

        await using var replica = await service.ReplicaAsync(("Background:Workers", "1"));
        using var there = replica.Anonymous();

        await client.BecomesAsync(id, "failed");
    }

    [Fact]
    public async Task What_cannot_be_read_any_more_is_not_taken_for_ever()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"), ("Background:MaxAttempts", "1"));
        using var client = service.ClientFor(TestCallers.User());
        await client.RespondAsync(new { model = "m", input = "1", background = true }).JsonAsync();
        await service.Database.ExecuteAsync("UPDATE responses SET body = '{}', status = 'in_progress', attempts = 2, lease_until = now() - interval '1 second'");

        await using var replica = await service.ReplicaAsync(("Background:Workers", "1"), ("Background:MaxAttempts", "1"));
        using var there = replica.Anonymous();

        await Eventually.True(async () => await service.Database.ScalarAsync<string>("SELECT status FROM responses") == "failed");
    }

    [Theory]
    [InlineData("10 minutes")]
    [InlineData("s")]
    [InlineData("-5s")]
    public void A_timeout_that_is_no_duration_stops_the_start(string text)
    {
        using var service = new ResponseService();
        service["BACKGROUND_TASK_TIMEOUT"] = text;
        service["ConnectionStrings:responsedb"] = "Host=127.0.0.1";
        Assert.ThrowsAny<Exception>(() => service.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<BackgroundOptions>>().Value);
    }
}
