using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>How a resource is started as a process.</summary>
internal sealed record ProcessCommand(string File, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    public static async Task<ProcessCommand> ForAsync(IResource resource, StateFolder state, CancellationToken ct)
    {
        if (resource is RedisResource redis)
        {
            return await RedisServer.CommandAsync(redis, state, ct);
        }

        var arguments = await ChildEnvironment.ArgumentsAsync(resource, ct);
        return resource switch
        {
            ProjectResource => Service(resource, arguments),
            ExecutableResource executable => new(Locate(executable), arguments, executable.WorkingDirectory),
            _ => throw new NotSupportedException($"{resource.Name} is not a process."),
        };
    }

    private static ProcessCommand Service(IResource resource, IReadOnlyList<string> arguments)
    {
        var project = resource.Annotations.OfType<IProjectMetadata>().Single();
        if (project is not IBuiltProject built || !System.IO.File.Exists(built.TargetPath))
        {
            throw new DistributedApplicationException(
                $"{resource.Name} is not built ({project.ProjectPath}). Run 'dotnet build' on the AppHost, in the same configuration.");
        }

        return new(DotnetHost, ["exec", built.TargetPath, .. arguments], Path.GetDirectoryName(project.ProjectPath)!);
    }

    // The host of the runtime that we run on: a service needs no other, and PATH may hold an older one or none.
    private static string DotnetHost
    {
        get
        {
            var runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();
            var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            var host = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", name));
            return System.IO.File.Exists(host) ? host : name;
        }
    }

    private static string Locate(ExecutableResource executable)
    {
        var name = executable.Command;
        var path = name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? Path.GetFullPath(name, executable.WorkingDirectory)
            : ExecutableSearch.Find(name);
        return path is not null && System.IO.File.Exists(path)
            ? path
            : throw new DistributedApplicationException($"{executable.Name}: the program '{name}' was not found.");
    }
}
