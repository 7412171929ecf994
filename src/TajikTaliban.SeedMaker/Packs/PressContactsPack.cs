using System.Text.Json.Nodes;
using static TajikTaliban.SeedMaker.Packs.SeedJson;

namespace TajikTaliban.SeedMaker.Packs;

/// <summary>Visits, handovers, delistings, recognition and attacks in the press. Sources that disagree stand side by side.</summary>
internal static class PressContactsPack
{
    private const string File = "press_contacts_recognition.csv";
    private const string Reported = "reported";
    private const string Derived = "derived";

    private const string Rferl = "rfe-rl-31103530";
    private const string SouthAsiaJournal = "south-asia-journal-taliban-relations";
    private const string AfghanistanInternational = "afghanistan-international-2023-03-25";
    private const string DubaiHerald = "dubai-herald-joint-markets";
    private const string TrtWorld = "trt-world-2024-02-05";
    private const string Khaama = "khaama-press-2024-03-01";
    private const string Lurer = "1lurer-2024-06-03";
    private const string Orda = "orda-kz-2025";
    private const string CentralAsianLight = "central-asian-light-kunduz";
    private const string Daryo = "daryo-2024-09-06";
    private const string StarTribune = "ap-star-tribune-russia-recognizes-taliban";
    private const string AsiaPlus = "asia-plus-2025-08-27";
    private const string CaspianPost = "caspian-post-tajik-delegation-kabul";
    private const string Ary = "ary-news-2025-11-28";
    private const string Ariana = "ariana-news-2025-11-27";
    private const string TimesOfCentralAsia = "times-of-central-asia-40228";
    private const string Table = "press-contacts-table";

    private const string ForeignMinistry = "ministry-of-foreign-affairs-taliban";
    private const string TransportMinistry = "ministry-of-transport-taliban";
    private const string Consulate = "afghan-consulate-in-khorog";
    private const string AbdullahAbdullah = "abdullah-abdullah";
    private const string Wafa = "y-wafa";
    private const string Muttaqi = "a-k-muttaqi";
    private const string Faizullozoda = "faizullozoda";
    private const string GovernorOfKunduz = "governor-of-kunduz-taliban";
    private const string GovernorOfBadakhshan = "governor-of-badakhshan-taliban";
    private const string Shohin = "llc-shohin-sm";
    private const string RoadAndBridge = "china-road-and-bridge-corporation";
    private const string Emirate = "islamic-emirate-of-afghanistan";
    private const string AugustVisit = "yatimov-kabul-visit-2024-08";

    private const string AfterReport = "By the day of the report; on which day is not said.";

    public static Pack Make(Extracts extracts)
    {
        var pack = new Pack(
            "press-contacts", "Contacts, recognition, delistings and attacks by press reports, 2020 to 2025", "article", "states");
        var rows = extracts.Read(File);
        pack.Account(rows);
        AddSources(pack);
        AddActors(pack);
        AddVisits(pack, rows);
        AddEmbassiesAndMarkets(pack, rows);
        AddDelistings(pack, rows);
        AddRecognition(pack, Row(rows, "Russia recognises"));
        AddAttacks(pack, rows);
        return pack;
    }

    private static void AddSources(Pack pack)
    {
        Page(Rferl, "RFE/RL", "Tajikistan Afghanistan security", null,
            "https://rferl.org/amp/tajikistan-afghanistan-security/31103530.html", "2020-09-09/2021-02-14",
            "Two visits of Saimumin Yatimov to Kabul before the Taliban returned to power.",
            "The meeting of 2021-02-14 is in Asia-Plus too.");
        Page(SouthAsiaJournal, "South Asia Journal", "Which countries have relations with the Talibans unrecognized government", null,
            "https://southasiajournal.net/which-countries-have-relations-with-the-talibans-unrecognized-government", "2022-04/2024-01",
            "The Afghan embassy in Moscow and the Taliban-appointed ambassador in China.", null, "A. Siddique");
        Page(AfghanistanInternational, "Afghanistan International", null, "2023-03-25",
            "https://www.afintl.com/en/202303255861", "/2023-03-25", "A visit of a Taliban delegation to the Afghan consulate in Khorog.",
            null);
        Page(DubaiHerald, "dubaiherald.news", "Joint markets have resumed work on the Tajik Afghan border", null,
            "https://dubaiherald.news/joint-markets-have-resumed-work-on-the-tajik-afghan-border/", "2023-09-02",
            "Border markets that work again.", "Cites the executive of GBAO (Gorno-Badakhshan).");
        Page(TrtWorld, "TRT World", null, "2024-02-05", "https://trt.global/world/article/16859154", "2024-02",
            "The handover of the Afghan embassy in Tashkent.", "The report is Anadolu's.");
        Page(Khaama, "Khaama Press", "Taliban aims to appoint diplomat to Afghanistan embassy in Tajikistan", "2024-03-01",
            "https://www.khaama.com/taliban-aims-to-appoint-diplomat-to-afghanistan-embassy-in-tajikistan/", "2024-03-01",
            "A planned appointment at the embassy in Dushanbe.", "Cites Afghanistan International.");
        Page(Lurer, "1lurer.am", null, "2024-06-03", "https://1lurer.am/en/2024/06/03/1/1135417", "2024-06-03",
            "Kazakhstan's delisting of the Taliban.", null);
        Page(Orda, "Orda.kz", null, "2025", null, "2023-12~/2024-01", "The dates of Kazakhstan's delisting of the Taliban.",
            "The address was not recorded.");
        Page(CentralAsianLight, "Central Asian Light", "Tajik delegation meets Taliban provincial officials in Kunduz", null,
            "https://centralasianlight.org/news/tajik-delegation-meets-taliban-provincial-officials-in-kunduz", "2025-10/2025-11",
            "Visits between Tajikistan and Taliban governors, and a secret visit of Saimumin Yatimov.", "Cites Afghanistan International.");
        Page(Daryo, "Daryo", "Kyrgyzstan excludes Taliban from terrorist list", "2024-09-06",
            "https://daryo.uz/en/2024/09/06/kyrgyzstan-excludes-taliban-from-terrorist-list", "2024-09-02",
            "Kyrgyzstan's delisting of the Taliban.", "RBC Ukraine reports the same.");
        Page(StarTribune, "AP, in the Star Tribune",
            "Russia says it formally recognizes the Taliban government in Afghanistan becoming the first country to do so since 2021", null,
            "https://www.startribune.com/russia-says-it-formally-recognizes-the-taliban-government-in-afghanistan-"
            + "becoming-the-first-country-to-do-so-since-2021/601389834", "2025-07-03",
            "Russia's recognition of the Taliban government.", "WION reports the same.");
        Page(AsiaPlus, "Asia-Plus", null, "2025-08-27",
            "https://asiaplus.news/tg/2025/08/27/tolibon-mushovir-oid-ba-na%d2%9bliyoti-hudro-dar-to%d2%b7ikiston-tain-kardand",
            "/2025-08-27", "Transport advisers of the Taliban in five countries.", "In Tajik. Cites IRAF.");
        Page(CaspianPost, "The Caspian Post", "Tajik delegation meets Taliban foreign minister in Kabul sources", null,
            "https://caspianpost.com/tajikistan/tajik-delegation-meets-taliban-foreign-minister-in-kabul-sources", "2025-11~",
            "A Tajik delegation in Kabul.", "Cites Amu TV. Orda.kz, and Ariana News of 2025-11-27, report the same.");
        Page(Ary, "ARY News", "Tajikistan condemns Afghanistan attack on Chinese nationals", "2025-11-28",
            "https://arynews.tv/tajikistan-condemns-afghanistan-attack-on-chinese-nationals", "2025-11-26",
            "An attack from Afghan territory in Khatlon.", "Gives a statement of the Ministry of Foreign Affairs of Tajikistan.");
        Page(Ariana, "Ariana News", "Governor of Afghanistans Badakhshan visits Tajikistan for border talks", "2025-11-27",
            "https://www.ariananews.af/governor-of-afghanistans-badakhshan-visits-tajikistan-for-border-talks/", "/2025-11-27",
            "A delegation from Badakhshan in Tajikistan.", null);
        Page(TimesOfCentralAsia, "The Times of Central Asia", null, null, "https://timesca.com/?p=40228", "2025-11-30",
            "An attack from Afghan territory in Darvoz.",
            "Gives a statement of Tajikistan's State Committee for National Security (GKNB).");
        pack.Add("sources", Source(
            Table, "dataset", "Table of press reports on contacts, recognition and attacks, 2020 to 2025", null, "2026-11-28", null, null,
            "Table of 19 rows from stored pages of the press. It is cited alone where it passes on what other sources say without naming "
            + "them; otherwise the page is cited.",
            Coverage("2023-12", "The other date of the accreditation of the Taliban-appointed ambassador in China.",
                "Which sources give that date.")));

        void Page(
            string id, string publisher, string? title, string? published, string? url, string period, string about, string? remark,
            params string[] authors)
        {
            string[] description =
            [
                "Page of the press. A stored copy was read; the extract is of 2026-11-28.",
                title is null ? "The title was not recorded." : "The title is that in the address.",
                .. remark is null ? (string[])[] : [remark],
                .. published is null ? (string[])["Its date was not recorded."] : [],
            ];
            pack.Add("sources", Source(
                id, "article", title ?? $"Page of {publisher} (title not recorded)", publisher, published, url,
                "Facts only; no text is copied", string.Join(' ', description), Coverage(period, about, null), authors));
        }
    }

    private static void AddActors(Pack pack)
    {
        Add(ForeignMinistry, "public-body", "Ministry of Foreign Affairs (Taliban)", "Foreign ministry of the Taliban.",
            Citation(AfghanistanInternational, "the delegation", Reported), Citation(Khaama, "the letter", Reported));
        Add(TransportMinistry, "public-body", "Ministry of Transport (Taliban)", "Transport ministry of the Taliban.",
            Citation(AsiaPlus, "who names advisers", Reported));
        Add(Consulate, "public-body", "Afghan consulate in Khorog",
            "Consulate of Afghanistan in Khorog, Tajikistan; of the former republic in March 2023.",
            Citation(AfghanistanInternational, "the consulate", Reported));
        Add(AbdullahAbdullah, "person", "Abdullah Abdullah",
            "Met Saimumin Yatimov in Kabul in February 2021, for the Islamic Republic of Afghanistan.", Citation(Rferl, "2021-02-14"));
        Add(Shohin, "organization", "LLC Shohin SM", "Company in Khatlon, Tajikistan, with Chinese employees.",
            Citation(Ary, "the attack of 2025-11-26"));
        Add(RoadAndBridge, "organization", "China Road and Bridge Corporation",
            "Company with employees in Shodak, Darvoz, in Tajikistan.", Citation(TimesOfCentralAsia, "the attack of 2025-11-30"));
        AddHolder(Wafa, "Y. Wafa", "Governor of Balkh under the Taliban.", CentralAsianLight, "the visit to Dushanbe", "2025-10?");
        AddHolder(Muttaqi, "A. K. Muttaqi", "Foreign minister of the Taliban.", CaspianPost, "the meeting in Kabul", "2025-11~");
        AddHolder(Faizullozoda, "Faizullozoda", "Deputy governor of Khatlon; one name is given.", CentralAsianLight,
            "the meeting in Kunduz", "2025-11~");
        AddHolder(GovernorOfKunduz, "Governor of Kunduz (Taliban)", "Unnamed office holder.", CentralAsianLight, "the meeting in Kunduz",
            "2025-11~");
        AddHolder(GovernorOfBadakhshan, "Governor of Badakhshan (Taliban)", "Unnamed office holder.", Ariana, "the visit to Tajikistan",
            "2025-11-27");
        foreach (var (ministry, source, day) in ((string, string, string)[])
            [(ForeignMinistry, AfghanistanInternational, "2023-03-25"), (TransportMinistry, AsiaPlus, "2025-08-27")])
        {
            pack.Add("relations", Of(
                ("id", $"{ministry}-part-of-taliban"), ("type", "part-of"), ("subject", ministry), ("object", "taliban"),
                ("summary", "The ministry is named as the Taliban's."),
                ("citations", List(Citation(source, "the name of the ministry", Reported, vouchedFor: day)))));
        }

        pack.Add("relations", Of(
            ("id", $"{Muttaqi}-leads-{ForeignMinistry}"), ("type", "leads"), ("subject", Muttaqi), ("object", ForeignMinistry),
            ("summary", "Foreign minister of the Taliban."),
            ("citations", List(Citation(CaspianPost, "the meeting in Kabul", Reported, vouchedFor: "2025-11~")))));

        void Add(string id, string type, string name, string description, params JsonObject[] citations) => pack.Add("actors", Of(
            ("id", id), ("type", type), ("name", name), ("description", description), ("citations", List(citations))));

        void AddHolder(string id, string name, string description, string source, string locator, string time) => pack.Add("actors", Of(
            ("id", id), ("type", "person"), ("name", name),
            ("statuses", List(Of(
                ("status", "office-holder"), ("citations", List(Citation(source, locator, Reported, vouchedFor: time)))))),
            ("description", description), ("citations", List(Citation(source, locator, Reported)))));
    }

    private static void AddVisits(Pack pack, IReadOnlyList<ExtractRow> rows)
    {
        var yatimov = Row(rows, "Yatimov visits Kabul");
        Add(pack, yatimov, "yatimov-kabul-visit-2020-09", "Saimumin Yatimov visits Kabul",
            "Visit to the Islamic Republic of Afghanistan, before the Taliban returned to power. Not the one reported of August 2024.",
            yatimov["date_edtf"], ["saimumin-yatimov:source", "afghanistan:target"], Place("Kabul", 1),
            Fact(yatimov, Rferl, "the visit of September 2020"));
        var meeting = Row(rows, "Yatimov meets Abdullah");
        Add(pack, meeting, "yatimov-abdullah-meeting-2021-02-14", "Saimumin Yatimov meets Abdullah Abdullah in Kabul", null,
            meeting["date_edtf"], ["saimumin-yatimov:source", $"{AbdullahAbdullah}:target"], Place("Kabul", 1),
            Fact(meeting, Rferl, "the meeting of 2021-02-14", "Asia-Plus reports it too."));
        var khorog = Row(rows, "Taliban delegation visits");
        Add(pack, khorog, "taliban-delegation-khorog-consulate-2023-03", "Taliban delegation visits the Afghan consulate in Khorog",
            "A delegation of the Taliban's foreign ministry, with which M. Musa Amiri is named, visited the consulate, which was that of "
            + "the former republic. Nothing was handed over. The Tajik side has said nothing.",
            $"/{khorog["date_edtf"]}", [$"{ForeignMinistry}:source", $"{Consulate}:target", "tajikistan:location"], Place("Khorog", 1),
            Fact(khorog, AfghanistanInternational, "the visit", claimant: ForeignMinistry),
            DateOf(AfghanistanInternational, AfterReport));
        var august = Row(rows, "unofficial visit");
        pack.AddTo("events", AugustVisit, Of(("citations", List(
            Citation(CentralAsianLight, "the visit of Saimumin Yatimov", Reported, supports: ["/participants/saimumin-yatimov:source"],
                note: "Citing Afghanistan International; a secret visit, without a date."),
            Citation(CaspianPost, "whether the visit of November 2025 was the first", "disputed",
                note: "Amu TV calls the visit of November 2025 the first since August 2021, which does not agree with a visit in August "
                    + "2024.")))), august);
        var balkh = Row(rows, "Wafa visits");
        Add(pack, balkh, "wafa-dushanbe-visit-2025-10", "Taliban governor of Balkh visits Dushanbe",
            "Y. Wafa visited Dushanbe at Tajikistan's invitation. Another page of the same site has him visit Kabul, which the compiler "
            + "of the table takes for an error.",
            balkh["date_edtf"], [$"{Wafa}:source", "tajikistan:host"], Place("Dushanbe", 1),
            Fact(balkh, CentralAsianLight, "the visit to Dushanbe", "TRT Farsi reports it too."));
        var kunduz = Row(rows, "Tajik delegation in Kunduz");
        Add(pack, kunduz, "tajik-delegation-kunduz-2025-11", "Tajik delegation meets the Taliban governor of Kunduz",
            "A Tajik delegation with the deputy governor of Khatlon, Faizullozoda, was in Kunduz about security, trade and visas.",
            kunduz["date_edtf"], ["tajikistan:source", $"{Faizullozoda}:source", $"{GovernorOfKunduz}:target"], Place("Kunduz", null),
            Fact(kunduz, CentralAsianLight, "the meeting in Kunduz", "Citing Afghanistan International. The day was not in the excerpt."));
        var kabul = Row(rows, "Tajik delegation in Kabul");
        Add(pack, kabul, "tajik-delegation-kabul-2025-11", "Tajik delegation meets the Taliban's foreign minister in Kabul",
            "Fourteen officials, among them the first deputy head of the Border Troops, met A. K. Muttaqi, some days before 2025-11-27. "
            + "Amu TV calls it the first such visit since August 2021; other sources report a visit in August 2024. The Tajik side has "
            + "said nothing.",
            kabul["date_edtf"], ["tajikistan:source", $"{Muttaqi}:target"], Place("Kabul", 1),
            Fact(kabul, CaspianPost, "the meeting in Kabul", "Citing Amu TV. Orda.kz, and Ariana News of 2025-11-27, report it too."),
            Citation(CaspianPost, "whether the visit was the first", Reported, supports: ["/description"],
                note: $"Amu TV: the first since August 2021. It does not agree with the event {AugustVisit}, which the article and Central "
                    + "Asian Light report."));
        var badakhshan = Row(rows, "delegation in Tajikistan");
        Add(pack, badakhshan, "badakhshan-governor-tajikistan-visit-2025-11", "Taliban governor of Badakhshan in Tajikistan",
            "A delegation from Badakhshan was in Tajikistan for talks on the border. By the Bharath Post, Tajikistan did not confirm it.",
            $"/{badakhshan["date_edtf"]}", [$"{GovernorOfBadakhshan}:source", "tajikistan:target"], Place("GBAO, Tajikistan", 4),
            Fact(badakhshan, Ariana, "the visit", "The visitor's side is taken to be the one that claims it.", GovernorOfBadakhshan),
            DateOf(Ariana, AfterReport));
    }

    private static void AddEmbassiesAndMarkets(Pack pack, IReadOnlyList<ExtractRow> rows)
    {
        var moscow = Row(rows, "Afghan embassy in Moscow");
        Add(pack, moscow, "afghan-embassy-moscow-handover-2022-04", "Afghan embassy in Moscow handed to Taliban-appointed diplomats", null,
            moscow["date_edtf"], ["russia:source", "taliban:target"], Place("Moscow", 1), Fact(moscow, SouthAsiaJournal, "Russia"));
        var tashkent = Row(rows, "Afghan embassy in Tashkent");
        Add(pack, tashkent, "afghan-embassy-tashkent-handover-2024-02", "Afghan embassy in Tashkent handed to the Taliban",
            "By the same report of 2024-02-05, Tajikistan was the only neighbour that had not handed the Afghan embassy over.",
            tashkent["date_edtf"], ["uzbekistan:source", "taliban:target"], Place("Tashkent", 1), Fact(tashkent, TrtWorld, "the handover"));
        var china = Row(rows, "Xi accepts");
        Add(pack, china, "china-accepts-taliban-ambassador-2024-01", "China accepts the credentials of the Taliban-appointed ambassador",
            "Xi accepted the credentials in January 2024. Other sources date the accreditation to December 2023 (event "
            + "china-accredits-taliban-ambassador-2023-12).",
            china["date_edtf"], ["china:source", "taliban:target"], null, Fact(china, SouthAsiaJournal, "China"));
        Add(pack, china, "china-accredits-taliban-ambassador-2023-12", "China accredits the Taliban-appointed ambassador, by other sources",
            "Sources that are not named date the accreditation to December 2023; South Asia Journal has January 2024 (event "
            + "china-accepts-taliban-ambassador-2024-01).",
            "2023-12", ["china:source", "taliban:target"], null,
            Citation(Table, "ambassador accepted, China, 2024-01: note", Reported, note: "By other sources, unnamed."), status: Reported);
        var secretary = Row(rows, "letter names a first secretary");
        Add(pack, secretary, "first-secretary-afghan-embassy-dushanbe-2024-03",
            "First secretary planned for the Afghan embassy in Dushanbe",
            "By 2024-03-01 a letter of the Taliban's foreign ministry had named a first secretary (Faizullah) for the embassy in Dushanbe.",
            $"{secretary["date_edtf"]}/", [$"{ForeignMinistry}:source", "tajikistan:target"], null,
            Fact(secretary, Khaama, "the letter", "Citing Afghanistan International."),
            DateOf(Khaama, "Planned at the time of the report; when it was to begin is not said. The letter is of that day or earlier."));
        var advisers = Row(rows, "transport advisers");
        Add(pack, advisers, "taliban-transport-advisers-2025-08", "The Taliban's transport ministry names advisers for five countries",
            "Transport advisers were named for Tajikistan, Uzbekistan, Iran, Pakistan and Turkmenistan.",
            $"/{advisers["date_edtf"]}",
            [
                $"{TransportMinistry}:source", "tajikistan:target", "uzbekistan:target", "iran:target", "pakistan:target",
                "turkmenistan:target",
            ],
            null, Fact(advisers, AsiaPlus, "the advisers", "Citing IRAF."), DateOf(AsiaPlus, AfterReport));
        var markets = Row(rows, "border markets resume");
        Add(pack, markets, "border-markets-resume-2023-09-02", "Four border markets work again",
            "Markets at Tem (Khorog), Darvoz, Vanj and Ishkashim. Four are named; the article and TASS of 2026-02-11 have five.",
            markets["date_edtf"], ["tajikistan:source", "afghanistan:target"], Place("GBAO, Tajikistan", 4),
            Fact(markets, DubaiHerald, "the markets", "Citing the executive of GBAO."));
    }

    private static void AddDelistings(Pack pack, IReadOnlyList<ExtractRow> rows)
    {
        var kazakhstan = Row(rows, "Kazakhstan takes");
        const string Others = "Sources date the delisting to December 2023 and January 2024 (Orda.kz) and to 2024-06-03 (1lurer.am).";
        string[] parties = ["kazakhstan:source", "taliban:target"];
        Add(pack, kazakhstan, "kazakhstan-delisting-decided-2023-12",
            "Kazakhstan decides to take the Taliban off its list of banned organisations", Others, "2023-12~", parties, null,
            Fact(kazakhstan, Orda, "the decision", "Decided late in 2023, by Orda.kz."),
            Citation(Orda, "the decision: the date", Derived, supports: ["/date"], note: "Late 2023 read as about December 2023."));
        Add(pack, kazakhstan, "kazakhstan-delisting-in-force-2024-01",
            "The end of the Taliban's ban in Kazakhstan comes into force", Others, "2024-01", parties, null,
            Fact(kazakhstan, Orda, "in force", "In force in January 2024, by Orda.kz."));
        Add(pack, kazakhstan, "kazakhstan-delisting-announced-2024-06-03",
            "Kazakhstan announces that the Taliban are off its list of banned organisations", Others, "2024-06-03", parties, null,
            Fact(kazakhstan, Lurer, "the announcement", "Announced on 2024-06-03."));
        pack.AddTo("events", "kazakhstan-delists-taliban", Of(("citations", List(
            Citation(Lurer, "the announcement", note: "Announced on 2024-06-03: event kazakhstan-delisting-announced-2024-06-03."),
            Citation(Orda, "the decision, and in force",
                note: "Decided late in 2023, in force in January 2024: events kazakhstan-delisting-decided-2023-12 and "
                    + "kazakhstan-delisting-in-force-2024-01.")))), kazakhstan);
        pack.Add("relations", Of(
            ("id", "kazakhstan-ban-taliban-until-2024"), ("type", "ban"), ("subject", "kazakhstan"), ("object", "taliban"),
            ("to", "2023-12~/2024-06-03"), ("summary", $"Kazakhstan no longer bans the Taliban. {Others}"),
            ("citations", List(
                Citation(Lurer, "the announcement"), Citation(Orda, "the decision, and in force"),
                Citation(Lurer, "the announcement: the date", Derived, supports: ["/to"],
                    note: "Between the decision by Orda.kz (late 2023) and the announcement by 1lurer.am.")))), kazakhstan);

        var kyrgyzstan = Row(rows, "updated list");
        var fact = Fact(kyrgyzstan, Daryo, "the updated list", "RBC Ukraine reports it too.");
        Add(pack, kyrgyzstan, "kyrgyzstan-delisting-2024-09-02", "Kyrgyzstan's list of banned organisations no longer names the Taliban",
            "The updated list is of 2024-09-02.", kyrgyzstan["date_edtf"], ["kyrgyzstan:source", "taliban:target"], null, fact);
        pack.AddTo("events", "kyrgyzstan-delists-taliban", Of(("citations", List(
            Citation(Daryo, "the updated list", note: "Of 2024-09-02: event kyrgyzstan-delisting-2024-09-02.")))), kyrgyzstan);
        pack.Add("relations", Of(
            ("id", "kyrgyzstan-ban-taliban-until-2024-09"), ("type", "ban"), ("subject", "kyrgyzstan"), ("object", "taliban"),
            ("to", $"/{kyrgyzstan["date_edtf"]}"),
            ("summary", "Kyrgyzstan no longer bans the Taliban: the list updated on 2024-09-02 does not name them."),
            ("citations", List(
                fact,
                Citation(Daryo, "the updated list: the date", Derived, supports: ["/to"],
                    note: "Over by the day of the list that no longer names them.")))), kyrgyzstan);
    }

    private static void AddRecognition(Pack pack, ExtractRow row)
    {
        var fact = Fact(row, StarTribune, "the recognition", "WION reports it too.");
        Add(pack, row, "russia-recognises-islamic-emirate-2025-07-03", "Russia recognises the Taliban government", null, row["date_edtf"],
            ["russia:source", $"{Emirate}:target"], null, fact);
        pack.Add("relations", Of(
            ("id", $"russia-recognition-{Emirate}"), ("type", "recognition"), ("subject", "russia"), ("object", Emirate),
            ("from", row["date_edtf"]), ("summary", "Russia recognises the Islamic Emirate as Afghanistan's government."),
            ("citations", List(fact))), row);
        pack.AddTo("actors", Emirate, Of(("statuses", List(Of(
            ("status", "recognised-government"), ("from", row["date_edtf"]), ("by", "russia"), ("citations", List(fact)))))), row);
    }

    private static void AddAttacks(Pack pack, IReadOnlyList<ExtractRow> rows)
    {
        var khatlon = Row(rows, "drone and firearms");
        Add(pack, khatlon, "attack-khatlon-2025-11-26", "Attack from Afghan territory on employees of LLC Shohin SM in Khatlon",
            "With a drone and firearms, from Afghan territory, on employees who were Chinese citizens; three were killed. Who attacked is "
            + "not known.",
            khatlon["date_edtf"], [$"{Shohin}:target", "tajikistan:location"], Place("Khatlon", 4),
            Fact(khatlon, Ary, "the attack", "By the Ministry of Foreign Affairs of Tajikistan."), deaths: 3);
        var darvoz = Row(rows, "gunfire");
        Add(pack, darvoz, "attack-darvoz-2025-11-30",
            "Attack from Afghan territory on employees of China Road and Bridge Corporation in Darvoz",
            "With gunfire, from Afghan territory, in Shodak; two were killed and two wounded. Who attacked is not known.",
            darvoz["date_edtf"], [$"{RoadAndBridge}:target", "tajikistan:location"], Place("Shodak, Darvoz", null),
            Fact(darvoz, TimesOfCentralAsia, "the attack", "By Tajikistan's State Committee for National Security (GKNB)."), deaths: 2);
    }

    /// <summary>An event; type and CAMEO code are those of the kind of row, if it has one.</summary>
    private static void Add(
        Pack pack, ExtractRow row, string id, string title, string? description, string date, IEnumerable<string> participants,
        JsonObject? place, JsonObject fact, JsonObject? second = null, string? status = null, int? deaths = null)
    {
        var (type, cameo) = row["kind"] switch
        {
            "visit" => ("CONSULT", "042"),
            "border markets" => ("COOPERATE", "061"),
            "delisting" => ("CONCEDE", "081"),
            "recognition" => ("SUPPORT", "054"),
            "attack" => ("ASSAULT", null),
            _ => ((string?)null, (string?)null),
        };
        pack.Add("events", Of(
            ("id", id), ("type", type), ("cameo", cameo), ("title", title), ("description", description), ("date", date),
            ("status", status ?? row["status"]),
            ("participants", List(participants.Select(p => p.Split(':')).Select(p => Of(("actor", p[0]), ("role", p[1]))))),
            ("place", place),
            ("deaths", deaths is { } number ? Of(("best", number), ("low", number), ("high", number)) : null),
            ("citations", List(fact, second))), row);
    }

    /// <summary>The citation of the fact of a row, with the certainty of the row.</summary>
    private static JsonObject Fact(ExtractRow row, string source, string locator, string? note = null, string? claimant = null) =>
        Citation(source, locator, row["certainty"], claimant, note: note);

    private static JsonObject DateOf(string source, string note) =>
        Citation(source, "the day of the report", Derived, supports: ["/date"], note: note);

    private static JsonObject Place(string name, int? precision) => Of(("name", name), ("precision", precision));

    private static ExtractRow Row(IReadOnlyList<ExtractRow> rows, string what) =>
        rows.Single(r => r["what"].Contains(what, StringComparison.Ordinal));
}
