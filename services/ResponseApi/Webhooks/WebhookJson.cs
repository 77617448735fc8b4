using System.Text.Json.Serialization;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.ResponseApi.Webhooks;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateWebhook))]
[JsonSerializable(typeof(UpdateWebhook))]
[JsonSerializable(typeof(RotateSecret))]
[JsonSerializable(typeof(WebhookResource))]
[JsonSerializable(typeof(Page<WebhookResource>))]
[JsonSerializable(typeof(DeletedWebhook))]
[JsonSerializable(typeof(DefaultSecret))]
[JsonSerializable(typeof(DeliveryResource))]
[JsonSerializable(typeof(Page<DeliveryResource>))]
internal sealed partial class WebhookJson : JsonSerializerContext;
