import type { AnyOptions } from "./client.js";
import { ProblemError } from "./problem.js";
import type { Method, Reply } from "./types.js";

type Call = (method: Method, path: string, options?: AnyOptions) => Promise<Reply<unknown>>;

export async function edit(
  call: Call, path: string, options: AnyOptions & { method?: "patch" | "put"; attempts?: number }, change: (record: unknown) => unknown,
): Promise<Reply<unknown>> {
  const { method = "patch", attempts = 5, headers, ...rest } = options;
  let position: string | undefined;
  for (let attempt = 1; ; attempt++) {
    // a database server that is behind must not return the version that was refused
    const read = await call("get", path, { ...rest, cache: "no-cache", headers: { "Min-Position": position } });
    const body = await change(read.data);
    if (body === undefined)
      return read;
    if (read.etag === null)
      throw new Error(`${path} was returned without an ETag`);
    try {
      return await call(method, path, { ...rest, body, headers: { ...headers, "If-Match": read.etag } });
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 412 || attempt >= attempts)
        throw error;
      position = error.position;
    }
  }
}
