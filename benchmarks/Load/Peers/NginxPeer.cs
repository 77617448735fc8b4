namespace JanServer.Benchmarks.Load.Peers;

/// <summary>nginx as a plain reverse proxy without buffering, when it is installed.</summary>
internal static class NginxPeer
{
    private const int Port = 27200;

    private static readonly string[] Places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"];

    public static async Task<Peer?> StartAsync(Launcher launcher, CancellationToken ct)
    {
        var nginx = Places.FirstOrDefault(File.Exists);
        if (nginx is null)
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("jan-nginx").FullName;
        var config = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(
            config,
            $$"""
            worker_processes 2; daemon off; pid {{folder}}/pid; error_log {{folder}}/error.log; worker_rlimit_nofile 8192;
            events { worker_connections 4096; }
            http {
              access_log off; client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              upstream mock { server 127.0.0.1:27000; keepalive 256; }
              server {
                listen 127.0.0.1:{{Port}};
                keepalive_requests 1000000;
                location / { proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_read_timeout 600s; }
              }
            }
            """,
            ct);
        var master = launcher.Start(nginx, ["-c", config]);
        await Launcher.WaitForAsync(new($"http://127.0.0.1:{Port}/v1/models"), ct);
        return Peer.On("nginx", Port, [master.Id, .. Launcher.Find("nginx: worker process")]);
    }
}
