namespace TajikTaliban.Api.Platform.Validation;

/// <summary>How much a record may hold. They show in the contract and are there so that no body can cost more than a body should.</summary>
public static class Limits
{
    public const int BodyBytes = 1024 * 1024;
    public const int BodyDepth = 16;
    public const int Name = 300;
    public const int Title = 500;
    public const int Summary = 2000;
    public const int Description = 5000;
    public const int Note = 1000;
    public const int Locator = 200;
    public const int Url = 2000;
    public const int Language = 35;
    public const int Parts = 200;
}
