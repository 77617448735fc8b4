using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace JanServer.LocalOrchestrator.Tests.Surface;

/// <summary>
/// Everything public here is a promise that AppHost.cs also compiles against the official packages. A new member has to exist
/// there, with the same names and defaults, before it is added to PublicSurface.txt.
/// </summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public async Task The_public_surface_is_exactly_the_listed_one()
    {
        var listed = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "PublicSurface.txt"));
        var actual = new[] { typeof(DistributedApplication).Assembly, typeof(DistributedApplicationTestingBuilder).Assembly }
            .SelectMany(a => a.GetExportedTypes()).SelectMany(Describe).Order(StringComparer.Ordinal).ToArray();

        Assert.True(
            actual.SequenceEqual(listed),
            "Not listed: " + string.Join('\n', actual.Except(listed)) + "\nListed only: " + string.Join('\n', listed.Except(actual)));
    }

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static IEnumerable<string> Describe(Type type)
    {
        var name = TypeNames.Full(type);
        yield return $"{Kind(type)} {name}";
        foreach (var member in type.GetMembers(Declared))
        {
            switch (member)
            {
                case ConstructorInfo constructor:
                    yield return $"{name}({Parameters(constructor)})";
                    break;
                case MethodInfo { IsSpecialName: false } method when !IsRecordPlumbing(method):
                    yield return $"{name}.{method.Name}{Generic(method)}({Parameters(method)}) : {TypeNames.Short(method.ReturnType)}";
                    break;
                case PropertyInfo { Name: not "EqualityContract" } property:
                    var accessors = property.SetMethod?.IsPublic == true ? "get set" : "get";
                    yield return $"{name}.{property.Name} : {TypeNames.Short(property.PropertyType)} {{ {accessors} }}";
                    break;
                case FieldInfo { IsSpecialName: false } field:
                    yield return $"{name}.{field.Name} : {TypeNames.Short(field.FieldType)}";
                    break;
            }
        }
    }

    private static bool IsRecordPlumbing(MethodInfo method) =>
        method.Name is "<Clone>$" or "Deconstruct" or "PrintMembers" or "Equals" or "GetHashCode" or "ToString";

    private static string Kind(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type.IsAbstract && type.IsSealed ? "static class"
        : "class";

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var variadic = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var value = (parameter.HasDefaultValue, parameter.DefaultValue) switch
        {
            (false, _) => "",
            (_, null) => " = default",
            (_, true) => " = true",
            (_, false) => " = false",
            (_, var constant) => $" = {constant}",
        };
        return $"{variadic}{TypeNames.Short(parameter.ParameterType)} {parameter.Name}{value}";
    }
}
