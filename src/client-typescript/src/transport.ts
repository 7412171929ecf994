import { ConnectionError, ProblemError, problemOf } from "./problem.js";

export interface Settings {
  readonly base: URL;
  readonly fetch: typeof fetch;
  readonly headers: Headers;
  readonly timeout: number;
  readonly retries: number;
  readonly maxRetryWait: number;
}

export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
  readonly cache?: RequestCache | undefined;
}

/** Sends a call and reads its response, and again after failures that pass, if that cannot carry it out twice. */
export async function send<T>(settings: Settings, call: Call, read: (response: Response) => Promise<T>): Promise<T> {
  const repeatable = call.method === "GET" || call.headers.has("Idempotency-Key");
  for (let failures = 0; ; failures++) {
    try {
      return await sendOnce(settings, call, read);
    } catch (error) {
      const wait = isTransient(error) ? waitAfter(error, failures) : Infinity;
      if (!repeatable || failures >= settings.retries || wait > settings.maxRetryWait)
        throw error;
      await sleep(wait, call.signal);
    }
  }
}

/** Whether the same request may succeed later. */
export function isTransient(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof ProblemError && [408, 429, 502, 503, 504].includes(error.status));
}

/** Milliseconds to wait: `Retry-After`, or from a quarter of a second to half a minute. */
export function waitAfter(error: unknown, failures: number): number {
  if (error instanceof ProblemError && error.retryAfter !== undefined)
    return error.retryAfter * 1000;
  return Math.min(30_000, 250 * 2 ** failures) * (0.75 + Math.random() / 2);
}

export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}

async function sendOnce<T>(settings: Settings, call: Call, read: (response: Response) => Promise<T>): Promise<T> {
  const { method, url, headers, body, signal } = call;
  signal?.throwIfAborted();
  const timeout = call.timeout ?? settings.timeout;
  const attempt = new AbortController();
  const cancel = (): void => attempt.abort(signal?.reason);
  signal?.addEventListener("abort", cancel, { once: true });
  const timer = setTimeout(() => attempt.abort(new Error(`No response within ${timeout} ms`)), timeout);
  let streams = false;
  try {
    const response = await settings.fetch(url, {
      method,
      headers,
      signal: attempt.signal,
      ...(body === undefined ? {} : { body }),
      ...(call.cache === undefined ? {} : { cache: call.cache }),
    });
    if (!response.ok && response.status !== 304)
      throw await problemOf(response);
    const result = await read(response);
    streams = result === response;
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ProblemError)
      throw error;
    const cause: unknown = attempt.signal.aborted ? attempt.signal.reason : error;
    throw new ConnectionError(`${method} ${url.pathname}: ${reasonOf(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
    if (!streams)
      signal?.removeEventListener("abort", cancel);
  }
}

/** `fetch failed` alone tells nothing: Node.js has the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error))
    return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
