using System.Diagnostics;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>
/// nginx as a shared cache in front of one or more instances of a service. Tests are skipped where it is not installed.
/// </summary>
public sealed class SharedCache : IAsyncDisposable
{
    private static readonly string? Program = Programs.FindOrNull("nginx");

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private SharedCache(Process process, DirectoryInfo folder, Uri address) => (_process, _folder, Address) = (process, folder, address);

    public Uri Address { get; }

    /// <summary>The header with the number of the instance that a request goes to, from 0; without it the first.</summary>
    public const string Instance = "Instance";

    public static async Task<SharedCache> StartAsync(params Uri[] services)
    {
        Assert.SkipWhen(Program is null, "nginx is not installed");
        var folder = Directory.CreateTempSubdirectory("nginx-");
        var port = ServiceProcess.FreePort();
        var settings = Path.Combine(folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(settings,
            $$"""
            daemon off;
            pid {{folder.FullName}}/nginx.pid;
            error_log {{folder.FullName}}/error.log;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            events {}
            http {
                access_log off;
                client_body_temp_path {{folder.FullName}}/body;
                proxy_temp_path {{folder.FullName}}/proxy;
                fastcgi_temp_path {{folder.FullName}}/fastcgi;
                uwsgi_temp_path {{folder.FullName}}/uwsgi;
                scgi_temp_path {{folder.FullName}}/scgi;
                proxy_cache_path {{folder.FullName}}/cache keys_zone=answers:1m;
                map $http_{{Instance.ToLowerInvariant()}} $service {
                    default {{services[0].Authority}};
                    {{string.Join(' ', services.Select((service, i) => $"{i} {service.Authority};"))}}
                }
                server {
                    listen 127.0.0.1:{{port}};
                    location / {
                        proxy_pass http://$service;
                        proxy_cache_key $request_uri;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_cache answers;
                        proxy_cache_revalidate on;
                        add_header Shared-Cache $upstream_cache_status always;
                    }
                }
            }
            """);
        var start = new ProcessStartInfo(Program!, ["-e", $"{folder.FullName}/error.log", "-p", folder.FullName, "-c", settings]);
        var cache = new SharedCache(Process.Start(start)!, folder, new Uri($"http://127.0.0.1:{port}"));
        using var client = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            Assert.False(cache._process.HasExited, "nginx has ended");
            try
            {
                using var answer = await client.GetAsync(new Uri(cache.Address, "/health/live"));
                return cache;
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // the workers end with their master, which has to be asked
        using (var stop = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await stop.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
