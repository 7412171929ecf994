using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Validation;

/// <summary>Reads bodies that are not records.</summary>
public static class ValidBody
{
    private static readonly IReadOnlySet<string> NoReadOnlyFields = new HashSet<string>();

    /// <summary>The body as <typeparamref name="T"/>. Throws all faults of form and all violated rules at once.</summary>
    /// <param name="body">The body.</param>
    /// <param name="validator">The rules.</param>
    /// <param name="check">Adds further faults of form; null for none.</param>
    /// <param name="cancellation">Cancels the validation.</param>
    public static async Task<T> ReadAsync<T>(
        JsonElement body, IValidator<T> validator, Action<Errors>? check, CancellationToken cancellation)
        where T : class
    {
        var errors = new Errors();
        var read = BodyReader.Read<T>(body, NoReadOnlyFields, errors);
        check?.Invoke(errors);
        var malformed = errors.Any;
        var violated = new Errors();
        foreach (var failure in (await validator.ValidateAsync(read.Value, cancellation)).Errors)
        {
            if (JsonPointer.OfPropertyPath(failure.PropertyName) is var pointer && !errors.Touches(pointer))
                violated.Add(pointer, Rules.FaultOf(failure));
        }

        errors.AddAll(violated);
        errors.ThrowIfAny(malformed ? ProblemType.InvalidBody : ProblemType.InvalidRecord);
        return read.Value;
    }
}
