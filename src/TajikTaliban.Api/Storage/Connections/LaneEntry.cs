namespace TajikTaliban.Api.Storage.Connections;

/// <summary>The lane that work is in.</summary>
public sealed class LaneEntry(Lane lane)
{
    private volatile Lane _lane = lane;

    /// <summary>Connections that are taken from now on are of this lane.</summary>
    public Lane Lane
    {
        get => _lane;
        set => _lane = value;
    }
}
