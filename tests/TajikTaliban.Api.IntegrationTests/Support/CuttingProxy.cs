using System.Net;
using System.Net.Sockets;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>When a connection is cut that carries a commit.</summary>
public enum Cut
{
    /// <summary>Before the server has it.</summary>
    Before,

    /// <summary>When the server has answered, and before the client has the answer.</summary>
    After,
}

/// <summary>
/// Stands between the service and its database and cuts connections while a transaction is committed. It recognizes the commit by its text,
/// so that the service has to connect with <c>Max Auto Prepare=0</c>.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private static readonly byte[] Commit = [0, .. "commit"u8, 0];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ends = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private (Cut When, int Times) _cut;
    private int _made;

    public CuttingProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut.</summary>
    public int Made => Volatile.Read(ref _made);

    /// <summary>Cuts the connections of the next commits.</summary>
    public void CutNext(Cut when, int times = 1)
    {
        lock (_ends)
            _cut = (when, times);
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ends.Dispose();
    }

    private Cut? TakeOrNull()
    {
        lock (_ends)
        {
            if (_cut.Times == 0)
                return null;
            _cut.Times--;
            _made++;
            return _cut.When;
        }
    }

    private async Task AcceptAsync()
    {
        while (!_ends.IsCancellationRequested)
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(_ends.Token));
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_host, _port, _ends.Token);
                (client.NoDelay, server.NoDelay) = (true, true);
                var (near, far) = (client.GetStream(), server.GetStream());
                var mute = new StrongBox();
                await Task.WhenAny(
                    PumpAsync(near, far, sent =>
                    {
                        if (!sent.Span.IndexOf(Commit).Equals(-1) && TakeOrNull() is { } cut)
                        {
                            mute.IsOn = true;
                            return cut == Cut.After;
                        }

                        return true;
                    }),
                    PumpAsync(far, near, _ => !mute.IsOn));
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // one of the two has left
            }
        }
    }

    /// <summary>Copies until the end, or until a part is not to be passed on.</summary>
    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, bool> passes)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _ends.Token) is > 0 and var read)
        {
            if (!passes(buffer.AsMemory(0, read)))
                return;
            await to.WriteAsync(buffer.AsMemory(0, read), _ends.Token);
        }
    }

    private sealed class StrongBox
    {
        private volatile bool _isOn;

        public bool IsOn
        {
            get => _isOn;
            set => _isOn = value;
        }
    }
}
