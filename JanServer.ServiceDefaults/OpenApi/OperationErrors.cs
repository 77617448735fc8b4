using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JanServer.ServiceDefaults.OpenApi;

/// <summary>Every operation answers failures with the one error envelope, and says whether it takes a credential.</summary>
internal sealed class OperationErrors : IOpenApiOperationTransformer
{
    private const string ErrorSchema = nameof(ErrorBody);

    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        if (context.Document is not { } document)
        {
            return;
        }

        // Once per document: the second operation finds it there.
        if (document.Components?.Schemas?.ContainsKey(ErrorSchema) != true)
        {
            document.AddComponent(ErrorSchema, await context.GetOrCreateSchemaAsync(typeof(ErrorBody), null, cancellationToken));
        }

        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "The request failed.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = new OpenApiSchemaReference(ErrorSchema, document) },
            },
        };

        if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(OpenApiDefaults.Bearer, document)] = [] }];
        }
    }
}
