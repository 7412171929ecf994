namespace TajikTaliban.SeedMaker.Packs;

/// <summary>The packs that are made from extracts, each after those that it requires.</summary>
internal static class AllPacks
{
    public static IEnumerable<Pack> Make(Extracts extracts)
    {
        yield return StatesPack.Make(extracts);
        yield return UnhcrPack.Make(extracts);
        yield return WdiPack.Make(extracts);
        yield return UcdpPack.Make(extracts);
        yield return PressTradePack.Make(extracts);
        yield return PressContactsPack.Make(extracts);
        yield return OfficesPack.Make(extracts);
    }
}
