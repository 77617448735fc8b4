using JanServer.Contracts.Ids;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace JanServer.Data.Conventions;

internal sealed class IdConverter<T>() : ValueConverter<Id<T>, Guid>(id => id.Value, value => new Id<T>(value))
    where T : IIdentified;
