import { open, readFile, type FileHandle } from "node:fs/promises";
import { replaceFile } from "./files.js";
import { currentRecord, type FollowOptions } from "./follow.js";
import type { RecordOf, Resource, SnapshotRecord } from "./types.js";

/** A line of the file: a record, a deletion (`record` is null), or the position that all lines before it have got to. */
type Line = { resource: Resource; id: string; record: unknown } | { position: string };

/** A copy of the current records in a file, for `follow(client, { ...copy.follower })`. One process at a time may use it. */
export interface FileCopy {
  readonly follower: Pick<FollowOptions, "store" | "changes"> & Required<Pick<FollowOptions, "snapshot">>;
  readonly size: number;
  get<R extends Resource>(resource: R, id: string): RecordOf<R> | undefined;
  records<R extends Resource>(resource: R): RecordOf<R>[];
  close(): Promise<void>;
}

/**
 * Opens a copy, or begins one. Records and position are written together: a process that is killed at any moment goes on where the file
 * ends, and neither loses nor repeats a change.
 */
export async function openFileCopy(path: string): Promise<FileCopy> {
  const loaded = await load(path);
  let { copy, position, length } = loaded;
  let file: FileHandle | undefined;

  async function close(): Promise<void> {
    await file?.close();
    file = undefined;
  }

  async function rewrite(records: Copy, at: string): Promise<void> {
    await close();
    let written = 0;
    await replaceFile(path, async (append) => {
      for (const chunk of chunks(records, at)) {
        await append(chunk);
        written += Buffer.byteLength(chunk);
      }
    });
    [copy, position, length] = [records, at, written];
  }

  async function append(text: string): Promise<void> {
    file ??= await open(path, "r+");
    // what a killed process or a full disk left after the last position
    await file.truncate(length);
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;)
      written += (await file.write(bytes, written, bytes.length - written, length + written)).bytesWritten;
    await file.datasync();
    length += bytes.length;
  }

  if (position !== null && loaded.lines > 2 * sizeOf(copy) + 1000)
    await rewrite(copy, position);

  return {
    follower: {
      store: { load: () => position },
      snapshot: async (records, at) => {
        const taken: Copy = new Map();
        for await (const record of records)
          set(taken, record);
        await rewrite(taken, at);
      },
      changes: async (changes, at) => {
        const changed = changes.flatMap((change): Line[] => {
          const record = currentRecord(change);
          return record === undefined ? [] : [{ resource: change.resource, id: change.id, record }];
        });
        await append([...changed, { position: at }].map((line) => `${JSON.stringify(line)}\n`).join(""));
        changed.forEach((line) => apply(copy, line));
        position = at;
      },
    },
    get size() {
      return sizeOf(copy);
    },
    get: <R extends Resource>(resource: R, id: string) => copy.get(resource)?.get(id) as RecordOf<R> | undefined,
    records: <R extends Resource>(resource: R) => [...(copy.get(resource)?.values() ?? [])] as RecordOf<R>[],
    close,
  };
}

type Copy = Map<string, Map<string, unknown>>;

function set(copy: Copy, { resource, id, record }: Pick<SnapshotRecord, "resource" | "id"> & { record: unknown }): void {
  let records = copy.get(resource);
  if (!records)
    copy.set(resource, records = new Map<string, unknown>());
  records.set(id, record);
}

function apply(copy: Copy, line: Line): void {
  if ("position" in line)
    return;
  if (line.record === null)
    copy.get(line.resource)?.delete(line.id);
  else
    set(copy, line);
}

function sizeOf(copy: Copy): number {
  return [...copy.values()].reduce((sum, records) => sum + records.size, 0);
}

function* chunks(copy: Copy, position: string): Generator<string, void, void> {
  let chunk = "";
  for (const [resource, records] of copy) {
    for (const [id, record] of records) {
      chunk += `${JSON.stringify({ resource, id, record })}\n`;
      if (chunk.length > 100_000) {
        yield chunk;
        chunk = "";
      }
    }
  }
  yield `${chunk}${JSON.stringify({ position })}\n`;
}

/** What follows the last position was not finished, and does not count. */
async function load(path: string): Promise<{ copy: Copy; position: string | null; length: number; lines: number }> {
  const copy: Copy = new Map();
  let bytes: Buffer = Buffer.alloc(0);
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw error;
  }
  let [position, length, lines]: [string | null, number, number] = [null, 0, 0];
  let unfinished: Line[] = [];
  for (let start = 0, end; (end = bytes.indexOf(10, start)) >= 0; start = end + 1) {
    const line = parse(bytes.toString("utf8", start, end));
    if (line === undefined)
      break;
    unfinished.push(line);
    if ("position" in line) {
      unfinished.forEach((one) => apply(copy, one));
      lines += unfinished.length;
      unfinished = [];
      [position, length] = [line.position, end + 1];
    }
  }
  return { copy, position, length, lines };
}

/** Undefined where a block of the file was never written. */
function parse(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
