using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Local;

/// <summary>
/// Lets a test take over an AppHost whose Main runs on a thread of its own: Main stops in Build() until the test wants the
/// application, and in Run() until the test is done with it.
/// </summary>
internal sealed class EntryPointHook(Assembly assembly, Action<IConfigurationBuilder> configure)
{
    private static readonly AsyncLocal<EntryPointHook?> CurrentHook = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static EntryPointHook? Current => CurrentHook.Value;

    public Assembly Assembly => assembly;

    public Task<DistributedApplicationBuilder> Builder => _builder.Task;

    public void Configure(IConfigurationBuilder configuration) => configure(configuration);

    public void Building(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    public void Built(DistributedApplication application) => _application.TrySetResult(application);

    public Task ParkAsync() => _done.Task;

    public Task<DistributedApplication> BuildAsync()
    {
        _mayBuild.TrySetResult();
        return _application.Task;
    }

    public void Done()
    {
        _done.TrySetResult();
        _mayBuild.TrySetException(new OperationCanceledException("The test was disposed before it built the application."));
    }

    /// <summary>Runs the AppHost's Main with this hook in place.</summary>
    public void Start(string[] args)
    {
        var main = assembly.EntryPoint ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no entry point.");
        var thread = new Thread(() =>
        {
            CurrentHook.Value = this;
            try
            {
                main.Invoke(null, main.GetParameters().Length == 0 ? null : [args]);
                var ended = new InvalidOperationException("The AppHost ended without building an application.");
                _builder.TrySetException(ended);
                _application.TrySetException(ended);
            }
            catch (Exception exception)
            {
                var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
                _builder.TrySetException(cause);
                _application.TrySetException(cause);
            }
        })
        {
            IsBackground = true,
            Name = "AppHost",
        };
        thread.Start();
    }
}
