using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Outbound;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>Registering addresses, and looking at what was delivered to them.</summary>
internal static class WebhookEndpoints
{
    private const int DefaultOverlapSeconds = 86_400;

    public static void MapWebhooks(this IEndpointRouteBuilder v1)
    {
        var webhooks = v1.MapGroup("/webhooks").WithTags("Webhooks").RequireScope(Scopes.Inference);
        webhooks.MapGet("", ListAsync).WithName("listWebhooks").WithSummary("The caller's webhooks in the project, newest first.")
            .WithDescription("A page by creation; secrets are never listed.");
        webhooks.MapPost("", CreateAsync).WithName("createWebhook").WithSummary("Registers an address. The answer has the secret, once.")
            .WithDescription("It is told of the ends of background responses, signed as Standard Webhooks says. Only public addresses are spoken to, unless allowed.");
        webhooks.MapPost("/default-secret/rotate", RotateDefaultAsync).WithName("rotateDefaultWebhookSecret")
            .WithSummary("Makes the secret that signs messages to addresses in the metadata of requests. The one before ends at once.")
            .WithDescription("For requests whose metadata has a webhook_url. The answer has the secret, once.");
        webhooks.MapGet("/{id}", GetAsync).WithName("getWebhook").WithSummary("Describes a webhook, without its secret.")
            .WithDescription("disabled_reason says why one is off that nobody has switched off.");
        webhooks.MapPatch("/{id}", UpdateAsync).WithName("updateWebhook").WithSummary("Changes a webhook; what is absent stays.")
            .WithDescription("enabled=true takes one into use again that was switched off because its address failed.");
        webhooks.MapDelete("/{id}", RemoveAsync).WithName("deleteWebhook").WithSummary("Deletes a webhook, its log and what is on its way.")
            .WithDescription("A message that is being sent at this moment may still arrive.");
        webhooks.MapPost("/{id}/rotate-secret", RotateAsync).WithName("rotateWebhookSecret")
            .WithSummary("Makes a new secret. The one before signs too for a while.")
            .WithDescription("overlap_seconds says how long: a day unless told. The answer has the secret, once.");
        webhooks.MapGet("/{id}/deliveries", ListDeliveriesAsync).WithName("listWebhookDeliveries")
            .WithSummary("What was delivered to a webhook, or is going to be, with all attempts.")
            .WithDescription("A page by creation, newest first.");
        webhooks.MapPost("/{id}/deliveries/{delivery}/redeliver", RedeliverAsync).WithName("redeliverWebhook")
            .WithSummary("Delivers the same message again, whatever came of it.")
            .WithDescription("It is a delivery of its own with the same event id, so that receivers can tell that they know it.");
    }

    private static async Task<Ok<Page<WebhookResource>>> ListAsync(
        [AsParameters] PageQuery page, Caller caller, WebhookStore store, CancellationToken ct) =>
        TypedResults.Ok(Page.Of(await store.ListAsync(caller, page, ct), page.Take, WebhookResource.From, webhook => webhook.Id));

    private static async Task<Results<Ok<WebhookResource>, ApiError>> CreateAsync(
        CreateWebhook input,
        Caller caller,
        WebhookStore store,
        OutboundGuard guard,
        IOptions<WebhookOptions> options,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (input.Url is null)
        {
            return ApiError.Missing("url");
        }

        if ((Check(input.Url, input.Events, input.Description) ?? await CheckReachAsync(guard, input.Url, ct)) is { } error)
        {
            return error;
        }

        var now = clock.GetUtcNow();
        var webhook = new Webhook
        {
            Id = Id<Webhook>.New(clock),
            Url = input.Url,
            Description = input.Description,
            Events = [.. (input.Events ?? WebhookEvents.All).Distinct(StringComparer.Ordinal)],
            Enabled = input.Enabled ?? true,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var secret = WebhookSecrets.New();
        return await store.AddAsync(caller, webhook, secret, options.Value.MaxPerProject, ct)
            ? TypedResults.Ok(WebhookResource.From(webhook, WebhookSecrets.TextOf(secret)))
            : ApiError.Conflict($"A project may have at most {options.Value.MaxPerProject} webhooks of a user.");
    }

    private static async Task<Results<Ok<WebhookResource>, ApiError>> GetAsync(
        Id<Webhook> id, Caller caller, WebhookStore store, CancellationToken ct) =>
        await store.FindAsync(caller, id, ct) is { } webhook ? TypedResults.Ok(WebhookResource.From(webhook)) : ApiError.NotFound("webhook");

    private static async Task<Results<Ok<WebhookResource>, ApiError>> UpdateAsync(
        Id<Webhook> id, UpdateWebhook input, Caller caller, WebhookStore store, OutboundGuard guard, TimeProvider clock, CancellationToken ct)
    {
        if ((Check(input.Url, input.Events, input.Description) ?? await CheckReachAsync(guard, input.Url, ct)) is { } error)
        {
            return error;
        }

        if (await store.FindAsync(caller, id, ct) is not { } found)
        {
            return ApiError.NotFound("webhook");
        }

        var changed = found with
        {
            Url = input.Url ?? found.Url,
            Description = input.Description ?? found.Description,
            Events = input.Events is null ? found.Events : [.. input.Events.Distinct(StringComparer.Ordinal)],
            Enabled = input.Enabled ?? found.Enabled,
            DisabledReason = input.Enabled == true ? null : found.DisabledReason,
            UpdatedAt = clock.GetUtcNow(),
        };
        return await store.UpdateAsync(caller, changed, ct) ? TypedResults.Ok(WebhookResource.From(changed)) : ApiError.NotFound("webhook");
    }

    private static async Task<Results<Ok<DeletedWebhook>, ApiError>> RemoveAsync(
        Id<Webhook> id, Caller caller, WebhookStore store, CancellationToken ct) =>
        await store.RemoveAsync(caller, id, ct) ? TypedResults.Ok(new DeletedWebhook(id.ToString())) : ApiError.NotFound("webhook");

    private static async Task<Results<Ok<WebhookResource>, ApiError>> RotateAsync(
        Id<Webhook> id, RotateSecret? input, Caller caller, WebhookStore store, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var secret = WebhookSecrets.New();
        var until = now + TimeSpan.FromSeconds(input?.OverlapSeconds ?? DefaultOverlapSeconds);
        return await store.RotateAsync(caller, id, secret, until, now, ct) && await store.FindAsync(caller, id, ct) is { } webhook
            ? TypedResults.Ok(WebhookResource.From(webhook, WebhookSecrets.TextOf(secret)))
            : ApiError.NotFound("webhook");
    }

    private static async Task<Ok<DefaultSecret>> RotateDefaultAsync(Caller caller, WebhookSecrets secrets, CancellationToken ct) =>
        TypedResults.Ok(new DefaultSecret(
            WebhookSecrets.TextOf(await secrets.RotateDefaultAsync(caller.UserId.Value, caller.ProjectId.Value, ct))));

    private static async Task<Results<Ok<Page<DeliveryResource>>, ApiError>> ListDeliveriesAsync(
        Id<Webhook> id, [AsParameters] PageQuery page, Caller caller, WebhookStore store, DeliveryStore deliveries, CancellationToken ct) =>
        await store.FindAsync(caller, id, ct) is null
            ? ApiError.NotFound("webhook")
            : TypedResults.Ok(Page.Of(
                await deliveries.ListAsync(caller, id, page, ct), page.Take, DeliveryResource.From, delivery => delivery.Id));

    private static async Task<Results<Ok<DeliveryResource>, ApiError>> RedeliverAsync(
        Id<Webhook> id, Id<WebhookDelivery> delivery, Caller caller, DeliveryStore deliveries, TimeProvider clock, CancellationToken ct) =>
        await deliveries.RepeatAsync(caller, id, delivery, Id<WebhookDelivery>.New(clock), clock.GetUtcNow(), ct) is { } repeated
            ? TypedResults.Ok(DeliveryResource.From(repeated))
            : ApiError.NotFound("delivery");

    /// <summary>Says at once what would otherwise stand in the log of deliveries. Each delivery is checked again.</summary>
    private static async Task<ApiError?> CheckReachAsync(OutboundGuard guard, string? url, CancellationToken ct) =>
        url is not null && await guard.ReachOfAsync(new Uri(url), ct) is OutboundReach.Refused or OutboundReach.BadUrl
            ? OutboundFailure.Refused.ToApiError("url")
            : null;

    private static ApiError? Check(string? url, IReadOnlyList<string>? events, string? description)
    {
        if (description?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return ApiError.Invalid("description", "It must not hold NUL.");
        }

        if (url is not null && !WebhookTargets.TryParse(url, out _))
        {
            return ApiError.Invalid("url", $"It must be an http or https URL of at most {WebhookTargets.MaxUrlLength} characters, without user and password.");
        }

        if (events is { Count: 0 })
        {
            return ApiError.Invalid("events", "Name at least one event.");
        }

        for (var i = 0; i < events?.Count; i++)
        {
            if (!WebhookEvents.All.Contains(events[i], StringComparer.Ordinal))
            {
                return ApiError.Invalid($"events[{i}]", $"It must be one of {string.Join(", ", WebhookEvents.All)}.");
            }
        }

        return null;
    }
}
