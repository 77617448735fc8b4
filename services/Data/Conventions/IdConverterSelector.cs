using System.Collections.Concurrent;
using JanServer.Contracts.Ids;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace JanServer.Data.Conventions;

/// <summary>Stores every <see cref="Id{T}"/> as its UUID, whatever it identifies.</summary>
internal sealed class IdConverterSelector(ValueConverterSelectorDependencies dependencies) : ValueConverterSelector(dependencies)
{
    private readonly ConcurrentDictionary<Type, ValueConverterInfo> _infos = new();

    public override IEnumerable<ValueConverterInfo> Select(Type modelClrType, Type? providerClrType = null)
    {
        var inner = Nullable.GetUnderlyingType(modelClrType) ?? modelClrType;
        if (!inner.IsGenericType || inner.GetGenericTypeDefinition() != typeof(Id<>))
        {
            return base.Select(modelClrType, providerClrType);
        }

        return providerClrType is null || (Nullable.GetUnderlyingType(providerClrType) ?? providerClrType) == typeof(Guid)
            ? [_infos.GetOrAdd(inner, Describe)]
            : [];
    }

    private static ValueConverterInfo Describe(Type id)
    {
        var converter = typeof(IdConverter<>).MakeGenericType(id.GetGenericArguments());
        return new ValueConverterInfo(id, typeof(Guid), _ => (ValueConverter)Activator.CreateInstance(converter)!);
    }
}
