using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TajikTaliban.Api.Tests.Architecture;

/// <summary>Something in a source file that does not belong there; the line counts from 1.</summary>
internal sealed record Finding(string Path, int Line, string Text)
{
    public override string ToString() => $"{Path}:{Line}: {Text}";
}

/// <summary>Reads source files for what the compiled code no longer shows: the texts that are written in them.</summary>
internal static partial class SourceText
{
    /// <summary>Stands for an expression inside an interpolated text, and for any operand of <c>+</c> that is no text.</summary>
    private const string Hole = "¤";
    private const int MaxExcerpt = 100;

    /// <summary>SQL statements and fragments in texts, and the types and calls of Npgsql that send SQL.</summary>
    public static IReadOnlyList<Finding> Sql(string path, string code)
    {
        var root = Parse(code);
        return
        [
            .. Texts(root).Where(t => Statement().IsMatch(t.Text) || Fragment().IsMatch(t.Text)).Select(t => At(path, t.Node, t.Text)),
            .. root.DescendantNodes().OfType<SimpleNameSyntax>()
                .Where(n => n.Identifier.ValueText is "CreateCommand" or "CreateBatch" or "NpgsqlCommand" or "NpgsqlBatchCommand"
                    or "NpgsqlDbType" or "NpgsqlParameter" or "FromSql" or "FromSqlRaw" or "ExecuteSqlAsync" or "ExecuteSqlRawAsync"
                    or "SqlQuery" or "SqlQueryRaw")
                .Select(n => At(path, n, n.Identifier.ValueText)),
        ];
    }

    /// <summary>Texts that are the name or the table of a resource: something is decided by it that the resource should declare.</summary>
    public static IReadOnlyList<Finding> ResourceNames(string path, string code, IReadOnlySet<string> names) =>
        [.. Texts(Parse(code)).Where(t => names.Contains(t.Text)).Select(t => At(path, t.Node, t.Text))];

    private static SyntaxNode Parse(string code) => CSharpSyntaxTree.ParseText(code).GetRoot();

    /// <summary>Every text of a file: literals, raw ones too; interpolated texts and sums of texts as one, with holes.</summary>
    private static IEnumerable<(SyntaxNode Node, string Text)> Texts(SyntaxNode root) =>
        root.DescendantNodes(n => !IsText(n)).Where(IsText).Select(n => (n, TextOf(n)));

    private static bool IsText(SyntaxNode node) => node switch
    {
        InterpolatedStringExpressionSyntax => true,
        LiteralExpressionSyntax literal => literal.Token.Value is string,
        BinaryExpressionSyntax sum => sum.IsKind(SyntaxKind.AddExpression) && (IsText(sum.Left) || IsText(sum.Right)),
        _ => false,
    };

    private static string TextOf(SyntaxNode node) => node switch
    {
        LiteralExpressionSyntax { Token.Value: string text } => text,
        BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression) => TextOf(sum.Left) + TextOf(sum.Right),
        // texts inside a hole, such as the branches of a condition, belong to the whole
        InterpolatedStringExpressionSyntax whole => string.Concat(whole.Contents.Select(c => c is InterpolatedStringTextSyntax part
            ? part.TextToken.ValueText
            : Hole + string.Concat(Texts(c).Select(t => $" {t.Text}")))),
        _ => Hole,
    };

    private static Finding At(string path, SyntaxNode node, string text)
    {
        var excerpt = Blank().Replace(text, " ").Trim();
        var line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        return new(path, line, excerpt.Length > MaxExcerpt ? $"{excerpt[..MaxExcerpt]}…" : excerpt);
    }

    [GeneratedRegex(
        @"\bselect\s(?s:.)*\bfrom\s|^\s*select\s+\S|\binsert\s+into\s|\bupdate\s+\S+\s+(\w+\s+)?set\s|\bdelete\s+from\s+[\w¤""]+"
        + @"|\btruncate\s+\w|\bcopy\s+\S+\s*(\([^)]*\)\s*)?(from|to)\s+std"
        + @"|\bcreate\s+(unique\s+)?(database|table|index|role|extension|function|trigger)\s|\balter\s+(table|database|role|system)\s"
        + @"|\bdrop\s+(table|database|index|role)\s|^\s*(set\s+(local\s+)?\w+\s*(=|to)|show\s+\w+$|listen\s+\w|notify\s+\w)")]
    private static partial Regex Statement();

    [GeneratedRegex(
        @"=\s*any\s*\(|\blateral\s+\w|\bunnest\s*\(|\bcoalesce\s*\(|\bexists\s*\(\s*select|\bjsonb?_\w+\s*\(|\w::\w+"
        + @"|\b(order|group)\s+by\s+([a-z]\.|\d|\w+\s*(,|\bdesc\b|\basc\b))|\b(left|inner|cross)\s+join\s"
        + @"|^\s*\(?[a-z]\.[a-z_¤]+\b(?!\.)|\b[a-z]\.[a-z_¤]+\s*(=|<>|<|>|@>|&&|->|\blike\b|\bin\s*\(|\bis\s)")]
    private static partial Regex Fragment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
