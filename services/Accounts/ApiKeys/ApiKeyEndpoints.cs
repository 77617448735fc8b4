using JanServer.Accounts.Auditing;
using JanServer.Accounts.Users;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.ApiKeys;

internal static class ApiKeyEndpoints
{
    private const int DefaultPage = 100;

    public static void MapApiKeys(this IEndpointRouteBuilder auth)
    {
        var keys = auth.MapGroup("/api-keys").WithTags("API keys").RequireScope(Scopes.ApiKeys).RequireUser();

        keys.MapPost("", CreateAsync)
            .WithName("createApiKey")
            .WithSummary("Makes an API key. The answer is the only one that shows it.");

        keys.MapGet("", ListAsync)
            .WithName("listApiKeys")
            .WithSummary("The caller's API keys, newest first, revoked and expired ones included.");

        keys.MapGet("/{id}", GetAsync)
            .WithName("getApiKey")
            .WithSummary("One of the caller's API keys.");

        keys.MapDelete("/{id}", RevokeAsync)
            .WithName("revokeApiKey")
            .WithSummary("Revokes an API key; doing it again changes nothing. Gateways may accept the key for some seconds more.");
    }

    private static async Task<Results<Created<ApiKeyResource>, ApiError>> CreateAsync(
        CreateApiKey request,
        Caller caller,
        ApiKeyStore keys,
        IOptions<ApiKeyOptions> options,
        TimeProvider clock,
        HttpContext context,
        CancellationToken ct)
    {
        // PostgreSQL keeps microseconds: the answer says the times that later answers say.
        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var maker = caller.ApiKeyId is { } makerId ? await keys.FindAsync(caller.UserId, makerId, ct) : null;
        if (caller.ApiKeyId is not null && maker?.StatusAt(now) != ApiKeyStatus.Active)
        {
            // Gateways believe a revoked key for some seconds more. That must not be long enough to make another.
            return ApiError.Unauthorized("This API key is unknown, expired or revoked.");
        }

        var (grant, error) = ApiKeyGrant.Decide(request, caller, maker?.ExpiresAt, options.Value, now);
        if (grant is null)
        {
            return error!;
        }

        var secret = ApiKeySecret.New(options.Value.Prefix);
        var key = new ApiKey
        {
            Id = Id<ApiKeyRef>.New(clock),
            UserId = caller.UserId,
            OrganizationId = caller.OrganizationId,
            ProjectId = caller.ProjectId,
            CreatedBy = caller.UserId,
            CreatedByKey = caller.ApiKeyId,
            Name = grant.Name,
            Prefix = options.Value.Prefix,
            Suffix = secret.Suffix,
            Hash = secret.Hash,
            Scopes = grant.Scopes,
            Models = grant.Models,
            ExpiresAt = grant.ExpiresAt,
            CreatedAt = now,
        };
        var entry = AuditEntry.Of(caller, AuditEntry.ApiKeyCreated, key.Id, context.TraceIdentifier, clock);
        if (!await keys.AddAsync(key, options.Value.MaxPerUser, entry, ct))
        {
            return new ApiError(
                StatusCodes.Status400BadRequest,
                ErrorCodes.InvalidValue,
                $"You have {options.Value.MaxPerUser} active API keys, which is as many as there may be. Revoke one first.");
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/auth/api-keys/{key.Id}", ApiKeyResource.From(key, now) with { Key = secret.Text });
    }

    private static async Task<Results<Ok<ApiKeyList>, ApiError>> ListAsync(
        [AsParameters] PageQuery page, Caller caller, ApiKeyStore keys, TimeProvider clock, CancellationToken ct)
    {
        var take = page.Limit ?? DefaultPage;
        Id<ApiKeyRef>? after = page.After is null ? null : Id<ApiKeyRef>.Parse(page.After);
        if (after is { IsNone: true })
        {
            return ApiError.Invalid("after", "The cursor must be the id of an API key.");
        }

        var rows = await keys.ListAsync(caller.UserId, after, page.Ascending, take + 1, ct);
        var now = clock.GetUtcNow();
        var items = rows.Take(take).Select(key => ApiKeyResource.From(key, now)).ToList();
        return TypedResults.Ok(new ApiKeyList(items, items.Count > 0 ? items[^1].Id : null, rows.Count > take));
    }

    private static async Task<Results<Ok<ApiKeyResource>, ApiError>> GetAsync(
        Id<ApiKeyRef> id, Caller caller, ApiKeyStore keys, TimeProvider clock, CancellationToken ct) =>
        await keys.FindAsync(caller.UserId, id, ct) is { } key
            ? TypedResults.Ok(ApiKeyResource.From(key, clock.GetUtcNow()))
            : ApiError.NotFound("API key");

    private static async Task<Results<NoContent, ApiError>> RevokeAsync(
        Id<ApiKeyRef> id, Caller caller, ApiKeyStore keys, TimeProvider clock, HttpContext context, CancellationToken ct)
    {
        var entry = AuditEntry.Of(caller, AuditEntry.ApiKeyRevoked, id, context.TraceIdentifier, clock);
        return await keys.RevokeAsync(caller.UserId, id, clock.GetUtcNow(), entry, ct)
            ? TypedResults.NoContent()
            : ApiError.NotFound("API key");
    }
}
