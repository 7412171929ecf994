namespace TajikTaliban.Api.Domain;

/// <summary>The definition and unit of figures other than trade.</summary>
public sealed class Indicator : CitedRecord
{
    public required string Name { get; set; }

    public required string Unit { get; set; }

    public string? Description { get; set; }
}

/// <summary>One figure of an indicator, for its subjects, at a date.</summary>
public sealed class Observation : CitedRecord, IFigure
{
    public required string IndicatorId { get; set; }

    public List<ObservationSubject> Subjects { get; init; } = [];

    /// <summary>EDTF text.</summary>
    public required string Date { get; set; }

    public DateOnly Earliest { get; set; }

    public DateOnly Latest { get; set; }

    /// <summary>In the indicator's unit; null where the status is M (missing).</summary>
    public decimal? Value { get; set; }

    public bool Approximate { get; set; }

    public required string ObsStatus { get; set; }

    public string? Note { get; set; }

    public string FigureKey { get; set; } = "";
}

public sealed class ObservationSubject
{
    public int Ordinal { get; set; }

    public required string ActorId { get; set; }
}
