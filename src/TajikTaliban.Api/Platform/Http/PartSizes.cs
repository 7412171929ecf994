namespace TajikTaliban.Api.Platform.Http;

/// <summary>How many records to read for a part of a body: few sizes, since the database plans for each.</summary>
internal static class PartSizes
{
    /// <summary>Records of the first page: few, so that the first byte leaves early.</summary>
    public const int First = 100;

    private static readonly int[] Sizes = [1000, 500, 200, 100, 50, 25, 10];

    /// <summary>As many records as are likely to fit.</summary>
    /// <param name="partBytes">The size of the part.</param>
    /// <param name="bytes">The bytes of the records that were read last.</param>
    /// <param name="records">Their number.</param>
    public static int Fitting(int partBytes, long bytes, int records)
    {
        if (records == 0)
            return First;
        var fitting = partBytes / Math.Max(1, bytes / records);
        return Array.Find(Sizes, s => s <= fitting) is > 0 and var size ? size : Sizes[^1];
    }
}
