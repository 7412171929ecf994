using System.Buffers;
using System.Text;
using System.Text.Json;
using TajikTaliban.Api.Features.Batch;

namespace TajikTaliban.Api.Tests.Features;

public sealed class JsonArrayMembersTests
{
    /// <summary>A body arrives in parts of any size: the members are those that the whole array has.</summary>
    [Fact]
    public void Members_are_the_same_however_the_body_is_cut()
    {
        var random = new Random(7);
        for (var run = 0; run < 300; run++)
        {
            var members = Enumerable.Range(0, random.Next(1, 8)).Select(_ => Member(random, 3)).ToList();
            var space = new string(' ', random.Next(3));
            var body = Encoding.UTF8.GetBytes($"{space}[{space}{string.Join($"{space},{space}", members)}{space}]{space}");

            Assert.Equal(members, Read(body, random));
        }
    }

    private static List<string> Read(byte[] body, Random random)
    {
        var (reading, found, start) = (new JsonArrayMembers(), new List<string>(), 0);
        for (var end = 0; ;)
        {
            var buffer = new ReadOnlySequence<byte>(body.AsMemory(start, end - start));
            while (reading.Take(ref buffer, end == body.Length, out var member))
                found.Add(Encoding.UTF8.GetString(member.ToArray()));
            start = end - (int)buffer.Length;
            if (end == body.Length)
                return found;
            end = Math.Min(body.Length, end + random.Next(1, 9));
        }
    }

    private static string Member(Random random, int depth) => random.Next(depth == 0 ? 3 : 5) switch
    {
        0 => random.Next(1000).ToString(System.Globalization.CultureInfo.InvariantCulture),
        1 => JsonSerializer.Serialize("] , } \"тоҷик\"\n"),
        2 => "null",
        3 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Member(random, depth - 1)))}]",
        _ => $"{{{string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(i => $"\"f{i}\": {Member(random, depth - 1)}"))}}}",
    };
}
