namespace Aspire.Hosting.Local;

/// <summary>A service that was built together with the AppHost.</summary>
public interface IBuiltProject
{
    /// <summary>Full path of the service's assembly.</summary>
    string TargetPath { get; }
}
