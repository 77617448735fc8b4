using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace JanServer.Data.Conventions;

/// <summary>
/// Names every table, column, key and index in snake case unless the model names it itself, and stores every
/// <see cref="DateTimeOffset"/> as the instant it is (timestamptz takes nothing but UTC).
/// </summary>
internal sealed class DatabaseNamesConvention : IModelFinalizingConvention
{
    private static readonly ValueConverter<DateTimeOffset, DateTimeOffset> Utc = new(value => value.ToUniversalTime(), value => value);

    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        foreach (var entity in modelBuilder.Metadata.GetEntityTypes())
        {
            if (entity.BaseType is null && entity.GetTableName() is { } table)
            {
                entity.Builder.ToTable(SnakeCase.Of(table));
            }

            foreach (var property in entity.GetDeclaredProperties())
            {
                property.Builder.HasColumnName(SnakeCase.Of(property.GetColumnName()));
                if (property.ClrType == typeof(DateTimeOffset) || property.ClrType == typeof(DateTimeOffset?))
                {
                    property.Builder.HasConversion(Utc);
                }
            }

            foreach (var key in entity.GetDeclaredKeys())
            {
                if (key.GetName() is { } name)
                {
                    key.Builder.HasName(SnakeCase.Of(name));
                }
            }

            foreach (var key in entity.GetDeclaredForeignKeys())
            {
                if (key.GetConstraintName() is { } name)
                {
                    key.Builder.HasConstraintName(SnakeCase.Of(name));
                }
            }

            foreach (var index in entity.GetDeclaredIndexes())
            {
                if (index.GetDatabaseName() is { } name)
                {
                    index.Builder.HasDatabaseName(SnakeCase.Of(name));
                }
            }
        }
    }
}
