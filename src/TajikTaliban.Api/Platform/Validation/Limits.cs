namespace TajikTaliban.Api.Platform.Validation;

/// <summary>Size limits of records, also stated in the contract; they bound the cost of a request.</summary>
public static class Limits
{
    public const int BodyBytes = 1024 * 1024;
    public const int BodyDepth = 16;
    public const int Name = 300;
    public const int Unit = 60;
    public const int Title = 500;
    public const int Summary = 2000;
    public const int Description = 5000;
    public const int Note = 1000;
    public const int Locator = 200;
    public const int Url = 2000;
    public const int Language = 35;
    public const int Parts = 200;
    public const int Supports = 50;
    public const int Pointer = 400;
    public const int Contact = 200;
}
