using FluentValidation;
using FluentValidation.Results;
using FluentValidation.Validators;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;

namespace TajikTaliban.Api.Platform.Validation;

/// <summary>Rules of field forms. Each is a validator type of its own, so that the contract can describe it.</summary>
public static class Rules
{
    public static readonly Fault Latitude = Fault.OutOfRange("Latitude must be from -90 to 90.", -90, 90);

    public static readonly Fault Longitude = Fault.OutOfRange("Longitude must be from -180 to 180.", -180, 180);

    /// <summary>The name of the fault among the placeholders of a message.</summary>
    private const string FaultPlaceholder = "Fault";

    internal const string LanguagePattern = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";

    internal static readonly Fault LanguageForm =
        new(FaultCode.NotALanguage, "A language is a BCP 47 tag such as 'tg', 'ps' or 'fa-AF'.");
    private const string NotBlank = @"\S";
    private const string HttpAddressPattern = @"^[Hh][Tt][Tt][Pp][Ss]?://[^\s""<>\\`]+$";

    public static IRuleBuilderOptions<T, string?> Code<T>(this IRuleBuilder<T, string?> rule, CodeList codes) =>
        rule.SetValidator(new CodeValidator<T>(codes));

    /// <summary>An EDTF date or interval.</summary>
    public static IRuleBuilderOptions<T, string?> Edtf<T>(this IRuleBuilder<T, string?> rule) =>
        rule.SetValidator(new EdtfValidator<T>());

    /// <summary>The beginning or end of something that lasts.</summary>
    public static IRuleBuilderOptions<T, string?> CourseEnd<T>(this IRuleBuilder<T, string?> rule) =>
        rule.SetValidator(new CourseEndValidator<T>());

    /// <summary>The end of something that lasts, which is not before its beginning.</summary>
    public static IRuleBuilderOptions<T, string?> CourseEnd<T>(this IRuleBuilder<T, string?> rule, Func<T, string?> after) =>
        rule.SetValidator(new CourseEndValidator<T>()).Must((record, end) => IsInOrder(after(record), end))
            .WithFault(Fault.EndsBeforeStart);

    public static IRuleBuilderOptions<T, string?> SdmxPeriod<T>(this IRuleBuilder<T, string?> rule) =>
        rule.SetValidator(new PeriodValidator<T>());

    public static IRuleBuilderOptions<T, string?> Slug<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Matches(RecordId.Pattern).WithFault((_, id) => Fault.NotAnId(id))
            // $ in a regular expression also matches before a line break
            .Must(id => id is null || RecordId.IsValid(id)).WithFault((_, id) => Fault.NotAnId(id));

    /// <summary>A reference: an id, or for an actor also <c>scheme:value</c>. All references of a body are looked up together.</summary>
    public static IRuleBuilderOptions<T, string?> Reference<T>(this IRuleBuilder<T, string?> rule) =>
        rule.NotEmpty().WithFault(new Fault(FaultCode.Blank, "Must not be empty.")).MaxLength(RecordId.MaxLength);

    public static IRuleBuilderOptions<T, string?> Line<T>(this IRuleBuilder<T, string?> rule, int most) =>
        rule.MaxLength(most).Matches(NotBlank).WithFault(Fault.Blank);

    /// <summary>A text of at most so many characters, which may be blank.</summary>
    public static IRuleBuilderOptions<T, string?> MaxLength<T>(this IRuleBuilder<T, string?> rule, int most) =>
        rule.MaximumLength(most).WithFault(Fault.TooLong(most));

    /// <summary>A list of at most so many members, named by <paramref name="what"/>.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TMember>?> MaxCount<T, TMember>(
        this IRuleBuilder<T, IReadOnlyList<TMember>?> rule, int most, string what) =>
        rule.SetValidator(new CountValidator<T, TMember>(most, what));

    /// <summary>A text of at least so many characters.</summary>
    public static IRuleBuilderOptions<T, string?> MinLength<T>(this IRuleBuilder<T, string?> rule, int least) =>
        rule.MinimumLength(least).WithFault(Fault.TooShort(least));

    public static IRuleBuilderOptions<T, string?> Language<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Matches(LanguagePattern).WithFault(LanguageForm)
            .Must(tag => tag is null || !tag.EndsWith('\n')).WithFault(LanguageForm)
            .MaxLength(Limits.Language);

    public static IRuleBuilderOptions<T, string?> HttpUrl<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaxLength(Limits.Url)
            .Matches(HttpAddressPattern).WithFault(HttpAddress.NotOne)
            .Must(url => url is null || HttpAddress.IsHttp(url)).WithFault(HttpAddress.NotOne)
            .Must(url => url is null || !HttpAddress.HasHiddenCharacters(url))
            .WithFault(new Fault(FaultCode.ControlCharacter, "Remove characters that are not shown, such as direction marks."))
            .Must(url => url is null || !HttpAddress.HasCredentials(url))
            .WithFault(new Fault(FaultCode.AddressNotAllowed, "Remove the user name and password."));

    public static IRuleBuilderOptions<T, IReadOnlyList<TMember>> Distinct<T, TMember, TKey>(
        this IRuleBuilder<T, IReadOnlyList<TMember>> rule, Func<TMember, TKey> key, string message) =>
        rule.Must(list => list is null || list.Where(m => m is not null).GroupBy(key).All(g => g.Count() == 1))
            .WithFault(Fault.Duplicate(message));

    /// <summary>The fault of a rule that is broken.</summary>
    public static IRuleBuilderOptions<T, TProperty> WithFault<T, TProperty>(this IRuleBuilderOptions<T, TProperty> rule, Fault fault) =>
        rule.WithFault((_, _) => fault);

    /// <summary>The fault of a rule that is broken, made from the value.</summary>
    public static IRuleBuilderOptions<T, TProperty> WithFault<T, TProperty>(
        this IRuleBuilderOptions<T, TProperty> rule, Func<T, TProperty, Fault> fault) =>
        rule.WithMessage((owner, value) => fault(owner, value).Message).WithState((owner, value) => fault(owner, value));

    /// <summary>Adds a fault in a rule of its own.</summary>
    /// <param name="context">The context of the rule.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="path">The path of the property from the body on; null: the property of the rule.</param>
    public static void AddFault<T>(this ValidationContext<T> context, Fault fault, string? path = null) =>
        context.AddFailure(new ValidationFailure(
            path is null ? context.PropertyPath : context.PropertyChain.BuildPropertyPath(path), fault.Message)
        {
            CustomState = fault,
        });

    /// <summary>The fault of a broken rule.</summary>
    public static Fault FaultOf(ValidationFailure failure) =>
        (failure.CustomState ?? failure.FormattedMessagePlaceholderValues?.GetValueOrDefault(FaultPlaceholder)) as Fault
            ?? new Fault(FaultCode.Invalid, failure.ErrorMessage);

    /// <summary>Breaks a rule that is a validator of its own.</summary>
    internal static bool Break<T>(ValidationContext<T> context, Fault fault)
    {
        context.MessageFormatter.AppendArgument("Why", fault.Message).AppendArgument(FaultPlaceholder, fault);
        return false;
    }

    /// <summary>False only when both can be read and the end lies wholly before the beginning.</summary>
    private static bool IsInOrder(string? from, string? to) =>
        from is null || to is null || !Domain.CourseEnd.IsValid(from, out _) || !Domain.CourseEnd.IsValid(to, out _)
            || Domain.CourseEnd.Beginning(from).First <= Domain.CourseEnd.End(to).Last;
}

/// <summary>A rule that the contract shows as an enumeration.</summary>
public interface ICodeValidator
{
    CodeList Codes { get; }
}

/// <summary>A rule that the contract shows as a description of the form.</summary>
public interface IFormValidator
{
    string Form { get; }

    string Example { get; }
}

/// <summary>A rule that the contract shows as the most members of a list.</summary>
public interface ICountValidator
{
    int Most { get; }
}

internal sealed class CountValidator<T, TMember>(int most, string what) : PropertyValidator<T, IReadOnlyList<TMember>?>, ICountValidator
{
    public int Most => most;

    public override string Name => "Count";

    public override bool IsValid(ValidationContext<T> context, IReadOnlyList<TMember>? value) =>
        value is null || value.Count <= most || Rules.Break(context, Fault.TooMany(most, what));

    protected override string GetDefaultMessageTemplate(string errorCode) => "{Why}";
}

internal sealed class CodeValidator<T>(CodeList codes) : PropertyValidator<T, string?>, ICodeValidator
{
    public CodeList Codes => codes;

    public override string Name => "Code";

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is null || codes.Contains(value))
            return true;
        return Rules.Break(context, Fault.UnknownCode(codes, value));
    }

    protected override string GetDefaultMessageTemplate(string errorCode) => "{Why}";
}

internal sealed class EdtfValidator<T> : PropertyValidator<T, string?>, IFormValidator
{
    public override string Name => "Edtf";

    public string Form =>
        "EDTF (ISO 8601-2), levels 0 and 1: a date, a month, a year, or an interval of two of them, `..` for an open end, `~` about, `?` "
        + "uncertain.";

    public string Example => "2024-08-16/2024-08-31";

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is null || PartialDate.TryParse(value, out _, out var error))
            return true;
        return Rules.Break(context, error);
    }

    protected override string GetDefaultMessageTemplate(string errorCode) => "{Why}";
}

internal sealed class CourseEndValidator<T> : PropertyValidator<T, string?>, IFormValidator
{
    public override string Name => "CourseEnd";

    public string Form =>
        "EDTF (ISO 8601-2), levels 0 and 1: a date, a month or a year, `~` about, `?` uncertain (both widen it by one unit); or an "
        + "interval in "
        + "which the moment lies, one side of which may be unknown (`/1996`). `..`: none by nature; null: unknown.";

    public string Example => "2021~/2024~";

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is null || Domain.CourseEnd.IsValid(value, out var error))
            return true;
        return Rules.Break(context, error);
    }

    protected override string GetDefaultMessageTemplate(string errorCode) => "{Why}";
}

internal sealed class PeriodValidator<T> : PropertyValidator<T, string?>, IFormValidator
{
    public override string Name => "Period";

    public string Form => "SDMX time period: `2024` (year), `2024-S1` (half-year), `2024-Q1` (quarter), `2024-M08` (month).";

    public string Example => "2024-S1";

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is null || Period.TryParse(value, out _, out var error))
            return true;
        return Rules.Break(context, error);
    }

    protected override string GetDefaultMessageTemplate(string errorCode) => "{Why}";
}
