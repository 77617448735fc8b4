using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Local;

/// <summary>Configuration first (<c>Parameters:name</c>), then what an earlier run generated, then the default.</summary>
internal sealed class ParameterValues(IConfiguration configuration, SecretFile secrets)
{
    public string Resolve(string name, ParameterDefault? fallback, bool persist)
    {
        var key = $"Parameters:{name}";

        // A shell cannot set a variable with a hyphen in its name.
        var settable = $"Parameters:{name.Replace('-', '_')}";
        if ((configuration[key] ?? configuration[settable]) is { Length: > 0 } configured)
        {
            return configured;
        }

        return fallback switch
        {
            null => throw new DistributedApplicationException(
                $"Parameter '{name}' has no value. Set the environment variable {settable.Replace(":", "__", StringComparison.Ordinal)}."),
            // A value that is generated again would no longer open what an earlier run locked with it.
            GenerateParameterDefault generate => secrets.GetOrAdd(key, generate.GetDefaultValue),
            _ when persist => secrets.GetOrAdd(key, fallback.GetDefaultValue),
            _ => fallback.GetDefaultValue(),
        };
    }
}
