using Mono.Cecil;
using Mono.Cecil.Cil;

namespace TajikTaliban.Api.Tests.Architecture;

/// <summary>One folder uses another; the examples are pairs of types, as <c>From -> To</c>.</summary>
internal sealed record FolderArrow(string From, string To, IReadOnlyList<string> Examples)
{
    private const int MaxExamples = 4;

    public override string ToString() =>
        $"{From} -> {To}: {string.Join("; ", Examples.Take(MaxExamples))}"
        + (Examples.Count > MaxExamples ? $"; {Examples.Count - MaxExamples} more" : "");
}

/// <summary>
/// Which folder of an assembly uses which, read from its compiled code: method bodies, async methods, lambdas and type arguments too.
/// Constants leave no trace there, since the compiler copies their values.
/// </summary>
internal static class FolderGraph
{
    /// <summary>The folder of types whose namespace is the root itself.</summary>
    public const string RootFolder = "(root)";

    /// <param name="assembly">The path of a compiled assembly.</param>
    /// <param name="root">The namespace that the folders are counted from.</param>
    /// <param name="depth">How many segments of a namespace below the root name a folder.</param>
    public static IReadOnlyList<FolderArrow> Read(string assembly, string root, int depth)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        var arrows = new Dictionary<(string From, string To), SortedSet<string>>();
        foreach (var type in module.GetTypes())
        {
            var user = Outermost(type);
            if (FolderOf(user.Namespace, root, depth) is not { } from)
            {
                continue;
            }

            foreach (var used in UsedBy(type).SelectMany(Parts).Select(Outermost))
            {
                if (used.Scope is AssemblyNameReference || FolderOf(used.Namespace, root, depth) is not { } to || from == to)
                {
                    continue;
                }

                if (!arrows.TryGetValue((from, to), out var examples))
                {
                    arrows[(from, to)] = examples = new SortedSet<string>(StringComparer.Ordinal);
                }

                examples.Add($"{user.Name} -> {used.Name}");
            }
        }

        return [.. arrows.OrderBy(a => a.Key).Select(a => new FolderArrow(a.Key.From, a.Key.To, [.. a.Value]))];
    }

    /// <summary>For each arrow that is part of a circle, the shortest one through it; each group of folders once.</summary>
    public static IReadOnlyList<IReadOnlyList<FolderArrow>> Cycles(IReadOnlyList<FolderArrow> arrows)
    {
        var cycles = new List<IReadOnlyList<FolderArrow>>();
        var seen = new HashSet<string>();
        foreach (var arrow in arrows)
        {
            if (ShortestPath(arrows, arrow.To, arrow.From) is { } back && seen.Add(Key([arrow, .. back])))
            {
                cycles.Add([arrow, .. back]);
            }
        }

        return cycles;

        static string Key(IEnumerable<FolderArrow> cycle) => string.Join('|', cycle.Select(a => a.From).Order(StringComparer.Ordinal));
    }

    /// <summary>Every arrow that does not go down the declared order, and every folder that the order does not name.</summary>
    public static IReadOnlyList<string> AgainstOrder(IReadOnlyList<FolderArrow> arrows, IReadOnlyList<string> topToBottom)
    {
        var places = topToBottom.Select((folder, place) => (folder, place)).ToDictionary(f => f.folder, f => f.place);
        return
        [
            .. arrows.SelectMany(a => new[] { a.From, a.To }).Distinct().Where(f => !places.ContainsKey(f))
                .Select(f => $"{f} has no place in the declared order."),
            .. arrows.Where(a => places.TryGetValue(a.From, out var from) && places.TryGetValue(a.To, out var to) && from > to)
                .Select(a => $"Against the declared order: {a}"),
        ];
    }

    private static string? FolderOf(string name, string root, int depth)
    {
        if (name == root)
        {
            return RootFolder;
        }

        return name.StartsWith($"{root}.", StringComparison.Ordinal)
            ? string.Join('.', name[(root.Length + 1)..].Split('.').Take(depth))
            : null;
    }

    private static List<FolderArrow>? ShortestPath(IReadOnlyList<FolderArrow> arrows, string from, string to)
    {
        var paths = new Queue<List<FolderArrow>>([[]]);
        var visited = new HashSet<string> { from };
        while (paths.TryDequeue(out var path))
        {
            var end = path.Count == 0 ? from : path[^1].To;
            foreach (var next in arrows.Where(a => a.From == end))
            {
                if (next.To == to)
                {
                    return [.. path, next];
                }

                if (visited.Add(next.To))
                {
                    paths.Enqueue([.. path, next]);
                }
            }
        }

        return null;
    }

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>A type as it is written, taken apart: element types, type arguments, signatures of function pointers.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [.. Parts(generic.ElementType), .. generic.GenericArguments.SelectMany(Parts)],
        FunctionPointerType pointer => [.. Parts(pointer.ReturnType), .. pointer.Parameters.SelectMany(p => Parts(p.ParameterType))],
        IModifierType modified => [.. Parts(modified.ModifierType), .. Parts(modified.ElementType)],
        TypeSpecification specified => Parts(specified.ElementType),
        _ => [type],
    };

    private static IEnumerable<TypeReference?> UsedBy(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. Constraints(type),
        .. Attributes(type),
        .. type.Fields.SelectMany(f => (TypeReference?[])[f.FieldType, .. Attributes(f)]),
        .. type.Properties.SelectMany(Attributes),
        .. type.Methods.SelectMany(UsedBy),
    ];

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method) =>
    [
        method.ReturnType,
        .. Constraints(method),
        .. Attributes(method),
        .. method.Parameters.SelectMany(p => (TypeReference?[])[p.ParameterType, .. Attributes(p)]),
        .. method.HasBody ? InBody(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> InBody(MethodBody body) =>
    [
        .. body.Variables.Select(v => v.VariableType),
        .. body.ExceptionHandlers.Select(h => h.CatchType),
        .. body.Instructions.SelectMany(i => Operand(i.Operand)),
    ];

    private static IEnumerable<TypeReference?> Operand(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [.. Operand(method.ElementMethod), .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(p => p.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference> Constraints(IGenericParameterProvider provider) =>
        provider.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType);

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider provider) => provider.CustomAttributes.SelectMany(a =>
        (TypeReference?[])
        [
            a.AttributeType,
            .. a.ConstructorArguments.Select(c => c.Value as TypeReference),
            .. a.Properties.Select(p => p.Argument.Value as TypeReference),
        ]);
}
