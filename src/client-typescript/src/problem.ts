import type { FieldError, Problem } from "./types.js";

/** A response that is not a success. With a problem of the service, `code` and `errors` are those of the problem. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly status: number;
  /** The stable code of the problem; undefined if another server (a proxy) responded. More codes may come. */
  readonly code: string | undefined;
  /** Errors by place: JSON Pointers into the body, or `/query/…`, `/path/…`, `/header/…`. */
  readonly errors: Readonly<Record<string, readonly FieldError[]>>;
  /** Seconds to wait before the request is sent again. */
  readonly retryAfter: number | undefined;
  /** Minimum ledger position that the response reflects. */
  readonly position: string | undefined;
  /** The whole problem. */
  readonly problem: Problem | undefined;
  readonly headers: Headers;

  constructor(response: Response, problem: Problem | undefined) {
    super(`${response.status} ${problem?.code ?? response.statusText}: ${problem?.detail ?? problem?.title ?? response.url}`);
    this.status = response.status;
    this.code = problem?.code;
    this.errors = problem?.errors ?? {};
    this.retryAfter = secondsOf(response.headers.get("Retry-After"));
    this.position = response.headers.get("Position") ?? undefined;
    this.problem = problem;
    this.headers = response.headers;
  }

  /** The first error at a place, such as `/query/limit` or `/name`. Its parameters are in `data`. */
  at(place: string): FieldError | undefined {
    return this.errors[place]?.[0];
  }
}

/** No response: the connection failed, was cut, or took longer than `timeout`. `cause` has the error of `fetch`. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

export async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text();
  let problem: Problem | undefined;
  if (isJson(response)) {
    try {
      problem = JSON.parse(text) as Problem;
    } catch {
      // a body that was cut or is no JSON: the status says enough
    }
  }
  return new ProblemError(response, typeof problem?.code === "string" ? problem : undefined);
}

export function isJson(response: Response): boolean {
  return /^[^;]*\bjson\s*(;|$)/i.test(response.headers.get("Content-Type") ?? "");
}

function secondsOf(header: string | null): number | undefined {
  if (header === null)
    return undefined;
  if (/^\d+$/.test(header))
    return Number(header);
  const instant = Date.parse(header);
  return Number.isNaN(instant) ? undefined : Math.max(0, Math.ceil((instant - Date.now()) / 1000));
}
