using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Platform.Problems;

/// <summary>All errors of a request by JSON Pointer.</summary>
public sealed class Errors
{
    private const int Most = 100;
    private readonly Dictionary<string, IReadOnlyList<Fault>> _faults = new(StringComparer.Ordinal);

    public int Count => _faults.Count;

    public bool Any => _faults.Count > 0;

    public IReadOnlyDictionary<string, IReadOnlyList<Fault>> All => _faults;

    public void Add(string pointer, Fault fault)
    {
        if (_faults.TryGetValue(pointer, out var faults))
            _faults[pointer] = faults.Any(f => f.Message == fault.Message) ? faults : [.. faults, fault];
        else if (_faults.Count < Most)
            _faults[pointer] = [fault];
    }

    public void AddAll(Errors others)
    {
        foreach (var (pointer, faults) in others.All)
        {
            foreach (var fault in faults)
                Add(pointer, fault);
        }
    }

    /// <summary>True if an error is at this place, within it, or around it.</summary>
    public bool Touches(string pointer) => _faults.Keys.Any(p =>
        p == pointer || p.StartsWith(pointer + "/", StringComparison.Ordinal) || pointer.StartsWith(p + "/", StringComparison.Ordinal));

    public void ThrowIfAny(ProblemType type)
    {
        if (Any)
            throw ToException(type);
    }

    public ProblemException ToException(ProblemType type) =>
        new(type, _faults.Count == 1 ? _faults.First().Value[0].Message : $"{_faults.Count} errors; see `errors`.", _faults);
}
