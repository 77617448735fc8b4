using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JanServer.LlmApi.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace JanServer.LlmApi.Catalogue;

/// <summary>How the rows of the catalogue are kept: lists and objects as jsonb, through the generated contexts.</summary>
internal sealed class CatalogueMapping :
    IEntityTypeConfiguration<CatalogModel>, IEntityTypeConfiguration<ProviderModel>, IEntityTypeConfiguration<StoredProvider>,
    IEntityTypeConfiguration<StoredEndpoint>, IEntityTypeConfiguration<EndpointHealth>
{
    public void Configure(EntityTypeBuilder<CatalogModel> builder)
    {
        builder.ToTable("model_catalogs");
        Json(builder.Property(row => row.SupportedParameters), CatalogueJson.Default.SupportedParameters);
        Json(builder.Property(row => row.Architecture), CatalogueJson.Default.ModelArchitecture);
        builder.Property(row => row.Extras).HasColumnType("jsonb").HasConversion(
            new ValueConverter<JsonElement?, string?>(
                value => value == null ? null : value.Value.GetRawText(),
                text => text == null ? null : JsonElement.Parse(text, default)));
    }

    public void Configure(EntityTypeBuilder<ProviderModel> builder)
    {
        builder.ToTable("provider_models");
        Json(builder.Property(row => row.Pricing), CatalogueJson.Default.IReadOnlyListPriceLine);
        builder.HasOne<CatalogModel>().WithMany().HasForeignKey(row => row.CatalogId);
        builder.HasOne<StoredProvider>().WithMany().HasForeignKey(row => row.ProviderId);
    }

    public void Configure(EntityTypeBuilder<StoredProvider> builder) => builder.Property(row => row.Metadata).HasColumnType("jsonb").HasConversion(
        new ValueConverter<JsonElement, string>(value => value.GetRawText(), text => JsonElement.Parse(text, default)));

    public void Configure(EntityTypeBuilder<StoredEndpoint> builder)
    {
        builder.ToTable("provider_endpoints").HasKey(row => new { row.ProviderId, row.Url });
        builder.HasOne<StoredProvider>().WithMany().HasForeignKey(row => row.ProviderId);
    }

    public void Configure(EntityTypeBuilder<EndpointHealth> builder) => builder.ToTable("endpoint_health").HasKey(row => new { row.ProviderKey, row.Url });

    // Rows are not tracked but written whole, so the comparer only has to be there.
    private static void Json<T>(PropertyBuilder<T> property, JsonTypeInfo<T> type)
        where T : class =>
        property.HasColumnType("jsonb").HasConversion(
            new ValueConverter<T, string>(value => JsonSerializer.Serialize(value, type), text => JsonSerializer.Deserialize(text, type)!),
            new ValueComparer<T>((a, b) => ReferenceEquals(a, b), value => value.GetHashCode()));
}
