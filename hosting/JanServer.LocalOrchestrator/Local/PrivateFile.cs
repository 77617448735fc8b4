namespace Aspire.Hosting.Local;

internal static class PrivateFile
{
    /// <summary>A new file that nobody but its owner can read, from its first byte on.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // The mode counts only when the file is made.
        File.Delete(path);
        return new(path, options);
    }
}
