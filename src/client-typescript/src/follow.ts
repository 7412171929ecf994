import type { Client } from "./client.js";
import { readLines } from "./lines.js";
import { ConnectionError, ProblemError } from "./problem.js";
import type { PositionStore } from "./stores.js";
import { isTransient, sleep, waitAfter } from "./transport.js";
import type { Change, Resource, SnapshotRecord } from "./types.js";

export interface FollowOptions {
  store: PositionStore;
  /**
   * Called when there is no stored position, and when the changes after it cannot be had any more (410). Replace your copy with these
   * records; read all of them. If the snapshot is cut off, the iteration throws and the snapshot is taken again.
   */
  snapshot?: (records: AsyncIterable<SnapshotRecord>, position: string) => void | Promise<void>;
  /** Called with the changes in the order of their commits, at least one, and the position after them. */
  changes: (changes: Change[], position: string) => void | Promise<void>;
  /** Without `snapshot`: where to start, `now` (default), `beginning`, a position, an instant or the id of a release. */
  start?: string;
  /** Resources to follow (default: all). */
  resources?: readonly Resource[];
  /** Maximum number of changes per call of `changes`, 1 to 1000 (default: 1000). */
  limit?: number;
  /** Long-poll timeout in seconds, 0 to 60 (default: 30). */
  wait?: number;
  /** Return when all changes until now were passed on, instead of waiting for more. */
  once?: boolean;
  /** Ends the following; the promise is then fulfilled. */
  signal?: AbortSignal | undefined;
  /** Called before a wait after a failure that passes. Without an end, such failures are tried again. */
  onRetry?: (error: unknown, milliseconds: number) => void;
}

/**
 * Passes the records and then every committed change to callbacks. The position is stored after a callback has returned: what was not
 * stored is passed on again after a restart, so that nothing is lost. If a callback stores the position together with its work, nothing
 * is repeated either.
 */
export async function follow(client: Client, options: FollowOptions): Promise<void> {
  const { store, signal } = options;
  let position = await store.load();
  for (let failures = 0; !signal?.aborted;) {
    try {
      if (position === null) {
        position = await start(client, options);
        if (options.snapshot || (options.start ?? "now") === "now")
          await store.save?.(position);
      }
      for (;;) {
        const page: Page = await pageAfter(client, options, position);
        if (page.changes.length > 0)
          await own(() => options.changes(page.changes, page.position));
        if (page.position !== position)
          await store.save?.(page.position);
        position = page.position;
        failures = 0;
        if (options.once && page.complete)
          return;
      }
    } catch (error) {
      if (error instanceof CallbackFailure)
        throw error.cause;
      if (signal?.aborted)
        return;
      if (options.snapshot && isGone(error))
        position = null;
      else if (!isTransient(error))
        throw error;
      const wait = waitAfter(error, failures++);
      options.onRetry?.(error, wait);
      await sleep(wait, signal).catch(() => undefined);
    }
  }
}

/** What a change makes of the current record: the record, null if it is deleted, undefined if the change concerns older versions only. */
export function currentRecord<T extends Change>(change: T): T["record"] | undefined {
  return change.redacted ? undefined : change.record;
}

interface Page {
  changes: Change[];
  position: string;
  complete: boolean;
}

class CallbackFailure extends Error {}

async function own(callback: () => void | Promise<void>): Promise<void> {
  try {
    await callback();
  } catch (cause) {
    throw new CallbackFailure("", { cause });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 410 && (error.code === "position-gone" || error.code === "archived");
}

async function start(client: Client, options: FollowOptions): Promise<string> {
  if (options.snapshot)
    return takeSnapshot(client, options, options.snapshot);
  const after = options.start ?? "now";
  return after === "now" ? (await pageAfter(client, options, after, 1)).position : after;
}

async function pageAfter(client: Client, options: FollowOptions, after: string, limit = options.limit ?? 1000): Promise<Page> {
  const wait = after === "now" || options.once ? 0 : options.wait ?? 30;
  const { data } = await client.get("/v1/changes", {
    query: {
      ...(after === "beginning" ? {} : { after }),
      ...(options.resources ? { resource: [...options.resources] } : {}),
      limit,
      wait,
    },
    timeout: (wait + 30) * 1000,
    signal: options.signal,
  });
  return { changes: data.items as Change[], position: data.position, complete: data.complete };
}

async function takeSnapshot(
  client: Client, options: FollowOptions, callback: NonNullable<FollowOptions["snapshot"]>): Promise<string> {
  const response = await client.response("/v1/snapshot", {
    ...(options.resources ? { query: { resource: [...options.resources] } } : {}),
    signal: options.signal,
  });
  const lines = readLines<SnapshotRecord | { position: string; complete?: true }>(response);
  try {
    const first = (await lines.next()).value;
    if (!first || "record" in first)
      throw new ConnectionError("The snapshot has no first line");
    const source: { failure?: unknown; complete: boolean } = { complete: false };
    const records = async function* (): AsyncGenerator<SnapshotRecord, void, void> {
      try {
        for await (const line of lines) {
          if ("record" in line)
            yield line;
          else
            source.complete = line.complete === true;
        }
        if (!source.complete)
          throw new ConnectionError("The snapshot was cut off");
      } catch (error) {
        source.failure = error;
        throw error;
      }
    };
    try {
      await callback(records(), first.position);
    } catch (error) {
      throw source.failure ?? new CallbackFailure("", { cause: error });
    }
    if (source.failure)
      throw source.failure;
    if (!source.complete)
      throw new CallbackFailure("", { cause: new Error("The callback returned before it had read the whole snapshot") });
    return first.position;
  } finally {
    await lines.return();
  }
}
