// Follows the service until all is read, and kills itself before its last step: node follower.js ADDRESS WAY FOLDER STEPS.
// WAY is how the position is stored: in the copy of the package, in the consumer's own file together with its work, or beside it.
import { mkdirSync, readFileSync, rmSync, writeFileSync, appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { createClient, currentRecord, follow, type Change, type FollowOptions, type SnapshotRecord } from "tajik-taliban-client";
import { fileStore, openFileCopy } from "tajik-taliban-client/node";

const [baseUrl = "", way = "", folder = "", steps = ""] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
let left = Number(steps);

function step(): void {
  if (left-- === 0) process.kill(process.pid, "SIGKILL");
}

type Callbacks = Pick<FollowOptions, "store" | "changes"> & Required<Pick<FollowOptions, "snapshot">>;

/** The same callbacks, with steps before, within and after them. */
function stepping({ store, snapshot, changes }: Callbacks): Callbacks {
  async function* each(records: AsyncIterable<SnapshotRecord>): AsyncGenerator<SnapshotRecord> {
    let read = 0;
    for await (const record of records) {
      if (read++ % 80 === 40) step();
      yield record;
    }
  }
  const { save } = store;
  return {
    store: {
      load: () => store.load(),
      ...(save && {
        save: async (position: string) => {
          await save(position);
          step();
        },
      }),
    },
    snapshot: async (records, position) => {
      await snapshot(each(records), position);
      step();
    },
    changes: async (list, position) => {
      step();
      await changes(list, position);
      step();
    },
  };
}

/** All changes as lines, each batch with its position in one write; the position is read from there. */
function ownFile(): Callbacks {
  const file = join(folder, "changes.ndjson");
  return {
    store: {
      load: () => {
        const last = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").at(-1) : undefined;
        return last === undefined ? null : (JSON.parse(last) as { position: string }).position;
      },
    },
    snapshot: async (records, position) => {
      const taken: SnapshotRecord[] = [];
      for await (const record of records) taken.push(record);
      writeFileSync(file, `${JSON.stringify({ position, records: taken })}\n`);
    },
    changes: (changes, position) => appendFileSync(file, `${JSON.stringify({ position, changes })}\n`),
  };
}

/** A file for each record, and the position in another one. */
function beside(): Callbacks {
  const records = join(folder, "records");
  const fileOf = ({ resource, id }: { resource: string; id: string }): string => join(records, `${resource}.${id}.json`);
  return {
    store: fileStore(join(folder, "position.json")),
    snapshot: async (all) => {
      rmSync(records, { recursive: true, force: true });
      mkdirSync(records);
      for await (const line of all) writeFileSync(fileOf(line), JSON.stringify(line.record));
    },
    changes: (changes: Change[]) => {
      for (const change of changes) {
        appendFileSync(join(folder, "seen"), `${change.position}\n`);
        const record = currentRecord(change);
        if (record === null) rmSync(fileOf(change), { force: true });
        else if (record !== undefined) writeFileSync(fileOf(change), JSON.stringify(record));
      }
    },
  };
}

const callbacks = way === "copy" ? (await openFileCopy(join(folder, "copy.ndjson"))).follower : way === "own" ? ownFile() : beside();
await follow(createClient({ baseUrl }), { ...stepping(callbacks), limit: 2, once: true });
