namespace TajikTaliban.Api.Platform.Problems;

/// <summary>All errors of a request by JSON Pointer.</summary>
public sealed class Errors
{
    private const int Most = 100;
    private readonly Dictionary<string, IReadOnlyList<string>> _messages = new(StringComparer.Ordinal);

    public int Count => _messages.Count;

    public bool Any => _messages.Count > 0;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> All => _messages;

    public void Add(string pointer, string message)
    {
        if (_messages.TryGetValue(pointer, out var messages))
            _messages[pointer] = messages.Contains(message) ? messages : [.. messages, message];
        else if (_messages.Count < Most)
            _messages[pointer] = [message];
    }

    /// <summary>True if an error is at this place, within it, or around it.</summary>
    public bool Touches(string pointer) => _messages.Keys.Any(p =>
        p == pointer || p.StartsWith(pointer + "/", StringComparison.Ordinal) || pointer.StartsWith(p + "/", StringComparison.Ordinal));

    public void ThrowIfAny(ProblemType type)
    {
        if (Any)
            throw ToException(type);
    }

    public ProblemException ToException(ProblemType type) =>
        new(type, _messages.Count == 1 ? _messages.First().Value[0] : $"{_messages.Count} errors; see `errors`.", _messages);
}
