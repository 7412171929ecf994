using TajikTaliban.SeedMaker;
using TajikTaliban.SeedMaker.Packs;

if (args is not [var extracts, var seeds])
{
    Console.Error.WriteLine("Use: TajikTaliban.SeedMaker <folder of the extracts> <folder of the packs>");
    return 2;
}

foreach (var pack in AllPacks.Make(new Extracts(extracts)))
{
    pack.Write(seeds);
    Console.WriteLine($"{pack.Name,-24} {pack.RecordCount,6:N0} records, {pack.LeftOutCount,6:N0} rows left out");
}

return 0;
