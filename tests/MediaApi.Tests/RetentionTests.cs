using System.Net;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.MediaApi.Retention;
using JanServer.MediaApi.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.MediaApi.Tests;

public sealed class RetentionTests
{
    [Fact]
    public async Task A_file_goes_when_its_time_is_over_unless_it_was_uploaded_again()
    {
        await using var service = await StartAsync(days: "10");
        using var client = service.Client();
        var kept = MediaService.Png();
        var keptId = (await client.IngestAsync(kept).JsonAsync()).Text("id");
        var goneId = (await client.IngestAsync(MediaService.Png()).JsonAsync()).Text("id");
        await using (var later = await service.Database.DataSource.OpenConnectionAsync())
        await using (var command = later.CreateCommand())
        {
            command.CommandText = "UPDATE media_objects SET retention_until = retention_until - interval '10 days 1 second'";
            await command.ExecuteNonQueryAsync();
        }

        await client.IngestAsync(kept).JsonAsync();
        Assert.Equal(1, await service.Services.GetRequiredService<ExpiredMedia>().RemoveAsync(CancellationToken.None));

        await client.AskAsync($"/v1/media/{keptId}").JsonAsync();
        await client.AskAsync($"/v1/media/{goneId}").JsonAsync(HttpStatusCode.NotFound);
        Assert.Equal([keptId], service.Files);
    }

    [Fact]
    public async Task A_file_that_no_row_names_is_found()
    {
        await using var service = await StartAsync(days: "0");
        using var client = service.Client();
        var id = (await client.IngestAsync(MediaService.Png()).JsonAsync()).Text("id");
        var orphan = Id<MediaRef>.New(TimeProvider.System).ToString();
        var folder = Directory.CreateDirectory(Path.Combine(service.Folder, orphan[^2..])).FullName;
        string[] old = [Path.Combine(folder, orphan), Path.Combine(service.Folder, "incoming", "torn")];
        foreach (var file in old)
        {
            await File.WriteAllBytesAsync(file, [1]);
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-1));
        }

        File.SetLastWriteTimeUtc(Directory.EnumerateFiles(service.Folder, id, SearchOption.AllDirectories).Single(), DateTime.UtcNow.AddDays(-1));

        Assert.Equal(2, await service.Services.GetRequiredService<ExpiredMedia>().RemoveAsync(CancellationToken.None));

        Assert.Equal([id], service.Files);
    }

    [Fact]
    public async Task Nobody_stores_more_than_their_share()
    {
        var service = new MediaService();
        service["Media:MaxBytesPerUser"] = "1024";
        await using var _ = service;
        await service.InitializeAsync();
        using var client = service.Client();
        for (var i = 0; i < 5; i++)
        {
            await client.UploadAsync(MediaService.Png()).JsonAsync();
        }

        await client.UploadAsync(MediaService.Png()).ErrorAsync(HttpStatusCode.RequestEntityTooLarge, "file");
        using var other = service.Client();
        await other.UploadAsync(MediaService.Png()).JsonAsync();
    }

    [Fact]
    public async Task A_link_ends()
    {
        await using var service = await StartAsync(days: "0");
        using var client = service.Client();
        var url = (await client.IngestAsync(MediaService.Png()).JsonAsync()).Text("url");

        service.Clock.Advance(TimeSpan.FromSeconds(3599));
        using (var still = await service.FollowAsync(url))
        {
            Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        }

        service.Clock.Advance(TimeSpan.FromSeconds(2));
        using var ended = await service.FollowAsync(url);
        Assert.Equal(HttpStatusCode.Forbidden, ended.StatusCode);
    }

    private static async Task<MediaService> StartAsync(string days)
    {
        var service = new MediaService();
        service["Media:RetentionDays"] = days;
        await service.InitializeAsync();
        return service;
    }
}
