namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// Sends bytes in slices, each when the client has taken enough of those before: the server copies what it is given, and would hold a
/// whole body for a slow client.
/// </summary>
internal static class Slices
{
    public const int Size = 32 * 1024;

    public static async Task SendAsync(
        HttpResponse response, ReadOnlyMemory<byte> bytes, BodyMemory.Lease memory, CancellationToken cancellation)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(Size, bytes.Length)..])
        {
            var slice = bytes[..Math.Min(Size, bytes.Length)];
            memory.Sending();
            await response.Body.WriteAsync(slice, cancellation);
            memory.Sent(slice.Length);
        }
    }
}
