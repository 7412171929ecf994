using FluentValidation;
using FluentValidation.Validators;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;

namespace TajikTaliban.Api.Platform.Validation;

/// <summary>Rules of field forms. Each is a validator type of its own, so that the contract can describe it.</summary>
public static class Rules
{
    public const string SlugForm = "An id has 1 to 128 characters of a-z, 0-9 and '-', and does not start with '-'.";

    public const string Blank = "Must not be blank.";

    public const string Latitude = "Latitude must be from -90 to 90.";

    public const string Longitude = "Longitude must be from -180 to 180.";

    private const string LanguageForm = "A language is a BCP 47 tag such as 'tg', 'ps' or 'fa-AF'.";
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
            .WithMessage("The end is before the beginning.");

    public static IRuleBuilderOptions<T, string?> SdmxPeriod<T>(this IRuleBuilder<T, string?> rule) =>
        rule.SetValidator(new PeriodValidator<T>());

    public static IRuleBuilderOptions<T, string?> Slug<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Matches(RecordId.Pattern).WithMessage(SlugForm)
            // $ in a regular expression also matches before a line break
            .Must(id => id is null || RecordId.IsValid(id)).WithMessage(SlugForm);

    /// <summary>A reference: an id, or for an actor also <c>scheme:value</c>. All references of a body are looked up together.</summary>
    public static IRuleBuilderOptions<T, string?> Reference<T>(this IRuleBuilder<T, string?> rule) =>
        rule.NotEmpty().WithMessage("Must not be empty.").MaximumLength(RecordId.MaxLength);

    public static IRuleBuilderOptions<T, string?> Line<T>(this IRuleBuilder<T, string?> rule, int most) =>
        rule.MaximumLength(most).WithMessage(TooLong(most))
            .Matches(NotBlank).WithMessage(Blank);

    public static string TooLong(int most) => $"At most {most} characters are allowed.";

    public static IRuleBuilderOptions<T, string?> Language<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Matches("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$").WithMessage(LanguageForm)
            .Must(tag => tag is null || !tag.EndsWith('\n')).WithMessage(LanguageForm)
            .MaximumLength(Limits.Language);

    public static IRuleBuilderOptions<T, string?> HttpUrl<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(Limits.Url)
            .Matches(HttpAddressPattern).WithMessage(HttpAddress.Form)
            .Must(url => url is null || HttpAddress.IsHttp(url)).WithMessage(HttpAddress.Form)
            .Must(url => url is null || !HttpAddress.HasHiddenCharacters(url))
            .WithMessage("Remove characters that are not shown, such as direction marks.")
            .Must(url => url is null || !HttpAddress.HasCredentials(url)).WithMessage("Remove the user name and password.");

    public static IRuleBuilderOptions<T, IReadOnlyList<TMember>> Distinct<T, TMember, TKey>(
        this IRuleBuilder<T, IReadOnlyList<TMember>> rule, Func<TMember, TKey> key, string message) =>
        rule.Must(list => list is null || list.Where(m => m is not null).GroupBy(key).All(g => g.Count() == 1)).WithMessage(message);

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

internal sealed class CodeValidator<T>(CodeList codes) : PropertyValidator<T, string?>, ICodeValidator
{
    public CodeList Codes => codes;

    public override string Name => "Code";

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is null || codes.Contains(value))
            return true;
        var near = Suggest.Nearest(value, codes.Values);
        context.MessageFormatter.AppendArgument("Hint", near is null ? "" : $" Did you mean '{near}'?");
        return false;
    }

    protected override string GetDefaultMessageTemplate(string errorCode) =>
        $"Not a code of the list {codes.Name} (/v1/codelists/{codes.Name}).{{Hint}}";
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
        context.MessageFormatter.AppendArgument("Why", error);
        return false;
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
        context.MessageFormatter.AppendArgument("Why", error);
        return false;
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
        context.MessageFormatter.AppendArgument("Why", error);
        return false;
    }

    protected override string GetDefaultMessageTemplate(string errorCode) => "{Why}";
}
