using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Images;

/// <summary>The way of a request for images: read it, find who makes them, get what they start from, have them made, deliver, account.</summary>
internal sealed class ImagePipeline(
    ImageRequestReader reader,
    ProviderRegistry registry,
    ImageInputs inputs,
    ImageUpstream upstream,
    ImageResults results,
    LlmMetrics metrics,
    ImageTurns turns,
    Bookkeeping books,
    TimeProvider clock,
    IOptions<ImageOptions> options)
{
    public async Task<(ImageList? Images, ApiError? Error)> RunAsync(HttpContext http, Caller caller, bool isEdit, CancellationToken ct)
    {
        var (request, error) = await reader.ReadAsync(http, isEdit, ct);
        if (request is null)
        {
            return (null, error);
        }

        if ((request.Model ?? options.Value.DefaultModel ?? DefaultModel(isEdit, caller)) is not { Length: > 0 } model)
        {
            return (null, ApiError.Missing("model"));
        }

        if (registry.Catalog.Find(model, caller) is not { } route)
        {
            return (null, ModelCatalog.Unknown(model));
        }

        var offers = route.Offers.Where(offer => request.ProviderId is null || IsCalled(offer.Provider, request.ProviderId)).ToList();
        if (offers.Count == 0)
        {
            return (null, ApiError.Invalid("provider_id", "No such provider offers this model."));
        }

        var (conversation, unusable) = await turns.FindAsync(request, caller, ct);
        if (unusable is not null)
        {
            return (null, unusable);
        }

        var (images, missing) = await inputs.LoadAsync(request.Mask is null ? request.Images : [.. request.Images, request.Mask], ct);
        if (missing is not null)
        {
            return (null, missing);
        }

        var exchange = new Exchange(
            new() { Operation = isEdit ? Operation.ImageEdit : Operation.Image, Model = model, Edits = [], Places = new() }, caller, http.TraceIdentifier, clock)
        {
            Model = route.Id,
        };
        return await MakeAsync(request, exchange, offers, images, conversation, ct);
    }

    /// <summary>The first image model of the provider that an administrator made the default.</summary>
    private string? DefaultModel(bool isEdit, Caller caller) => registry.Catalog.Models.FirstOrDefault(route =>
        route.IsFor(caller) && route.Offers.Any(offer =>
            isEdit ? offer.Provider.Settings.IsDefaultForImageEdits : offer.Provider.Settings.IsDefaultForImages))?.Id;

    private static bool IsCalled(Provider provider, string id) => provider.Settings.Key == id || provider.Settings.Key == $"db:{id}";

    private async Task<(ImageList? Images, ApiError? Error)> MakeAsync(
        ImageRequest request,
        Exchange exchange,
        IReadOnlyList<ModelOffer> offers,
        IReadOnlyList<LoadedImage> images,
        Id<Conversation>? conversation,
        CancellationToken ct)
    {
        metrics.Started(exchange);
        try
        {
            var mask = request.Mask is null ? null : images[^1];
            var starts = mask is null ? images : [.. images.SkipLast(1)];
            var (answer, error) = await upstream.SendAsync(exchange, offers, offer => ImageBody.Of(request, offer, starts, mask), ct);
            if (answer is null)
            {
                return (null, error);
            }

            exchange.SawFirstToken();
            exchange.Counts = answer.Counts;
            exchange.Images = answer.Images.Count;
            exchange.Status = ExchangeStatus.Succeeded;
            var (delivered, undelivered) = await results.DeliverAsync(answer, request.Form, isKept: conversation is not null, ct);
            if (undelivered is not null)
            {
                return (null, undelivered);
            }

            exchange.Items = conversation is { } id ? turns.ItemsOf(id, request, exchange.Request.Model, delivered) : null;
            return (new(
                exchange.CreatedAt.ToUnixTimeSeconds(),
                delivered,
                answer.Usage,
                conversation is null ? null : new(conversation.Value.ToString())), null);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested && exchange.Status is not ExchangeStatus.Succeeded)
        {
            exchange.Status = ExchangeStatus.Cancelled;
            throw;
        }
        finally
        {
            metrics.Ended(exchange);
            await books.CloseAsync(exchange);
        }
    }
}
