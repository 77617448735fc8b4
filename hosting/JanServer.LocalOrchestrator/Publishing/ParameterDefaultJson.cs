using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>How a parameter without a supplied value gets one; rules that are as usual are left out.</summary>
internal static class ParameterDefaultJson
{
    public static void Write(Utf8JsonWriter json, ParameterDefault value)
    {
        if (value is not GenerateParameterDefault generate)
        {
            json.WriteString("value", value.GetDefaultValue());
            return;
        }

        json.WriteStartObject("generate");
        json.WriteNumber("minLength", generate.MinLength);
        foreach (var (name, allowed) in new[]
        {
            ("lower", generate.Lower),
            ("upper", generate.Upper),
            ("numeric", generate.Numeric),
            ("special", generate.Special),
        })
        {
            if (!allowed)
            {
                json.WriteBoolean(name, false);
            }
        }

        foreach (var (name, least) in new[]
        {
            ("minLower", generate.MinLower),
            ("minUpper", generate.MinUpper),
            ("minNumeric", generate.MinNumeric),
            ("minSpecial", generate.MinSpecial),
        })
        {
            if (least > 0)
            {
                json.WriteNumber(name, least);
            }
        }

        json.WriteEndObject();
    }
}
