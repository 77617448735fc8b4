namespace JanServer.LocalOrchestrator.Tests.Surface;

internal static class TypeNames
{
    /// <summary>With namespace and declaring types.</summary>
    public static string Full(Type type) => $"{type.Namespace}.{Nested(type)}";

    /// <summary>Without namespaces.</summary>
    public static string Short(Type type) =>
        type.IsByRef ? "in " + Short(type.GetElementType()!)
        : type.IsArray ? Short(type.GetElementType()!) + "[]"
        : Nullable.GetUnderlyingType(type) is { } value ? Short(value) + "?"
        : type.IsGenericParameter ? type.Name
        : Nested(type);

    private static string Nested(Type type)
    {
        var outer = type.DeclaringType is { } declaring && !type.IsGenericParameter ? Nested(declaring) + "." : "";
        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0
            ? outer + type.Name
            : $"{outer}{type.Name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Short))}>";
    }
}
