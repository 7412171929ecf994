using System.Net;
using System.Net.Sockets;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>Stands between a client and the service, until it is cut; what has arrived by then is passed on.</summary>
public sealed class UnreliableLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ends = new();
    private readonly Uri _service;
    private readonly Task _accepting;
    private readonly HashSet<TcpClient> _open = [];
    private bool _isCut;
    private int _refused;

    public UnreliableLine(Uri service)
    {
        _service = service;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Connections that were closed at once, since the line was cut.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Closes all connections, and new ones at once.</summary>
    public void Cut()
    {
        lock (_open)
        {
            _isCut = true;
            foreach (var client in _open)
                client.Client.Shutdown(SocketShutdown.Both);
        }
    }

    public void Mend()
    {
        lock (_open)
            _isCut = false;
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _ends.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ends.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ends.IsCancellationRequested)
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(_ends.Token));
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        lock (_open)
        {
            if (_isCut)
            {
                Interlocked.Increment(ref _refused);
                return;
            }

            _open.Add(client);
        }

        try
        {
            using var far = new TcpClient();
            await far.ConnectAsync(_service.Host, _service.Port, _ends.Token);
            await Task.WhenAny(
                near.GetStream().CopyToAsync(far.GetStream(), _ends.Token), far.GetStream().CopyToAsync(near.GetStream(), _ends.Token));
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            // one of the two has left
        }
        finally
        {
            lock (_open)
                _open.Remove(client);
        }
    }
}
