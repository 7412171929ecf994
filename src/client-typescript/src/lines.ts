import { ConnectionError } from "./problem.js";

/** The lines of an NDJSON response, each parsed. Ends with a `ConnectionError` if the response is cut or silent for `idle` milliseconds. */
export async function* readLines<T = unknown>(response: Response, idle = 60_000): AsyncGenerator<T, void, void> {
  if (response.body === null)
    return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), idle);
      const lines = (rest + (value ?? "")).split("\n");
      rest = done ? "" : lines.pop() ?? "";
      for (const line of lines) {
        if (line.trim() !== "")
          yield JSON.parse(line) as T;
      }
      if (done)
        return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function within<T>(reading: Promise<T>, idle: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConnectionError(`The response was silent for ${idle} ms`)), idle);
  });
  try {
    return await Promise.race([reading, silence]);
  } catch (error) {
    if (error instanceof ConnectionError || (error instanceof Error && error.name === "AbortError"))
      throw error;
    throw new ConnectionError("The response was cut", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
