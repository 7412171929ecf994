// Uses all parts of the package against the service: node features.js ADDRESS EDITOR_KEY ADMIN_KEY. Prints what it found.
import assert from "node:assert/strict";
import {
  ConnectionError, createClient, currentRecord, follow, memoryStore, ProblemError, readLines, webStore, type Change, type SnapshotRecord,
} from "tajik-taliban-client";

const [baseUrl = "", key = "", adminKey = ""] = process.argv.slice(2);
const client = createClient({ baseUrl, key });

/** A client whose requests pass through `between`, and how many there were. */
function watched(between: (url: URL, init: RequestInit, request: number) => Promise<Response> | undefined, options = {}) {
  const seen: string[] = [];
  const through = createClient({
    baseUrl, key, ...options,
    fetch: (input, init = {}) => {
      const url = new URL(String(input));
      seen.push(`${init.method} ${url.pathname}`);
      return between(url, init, seen.length) ?? fetch(input, init);
    },
  });
  return { client: through, seen };
}
const respond = (status: number, headers: Record<string, string> = {}) => Promise.resolve(new Response("", { status, headers }));
async function problemOf(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(() => undefined, (reason: unknown) => reason);
  assert.ok(error instanceof ProblemError, String(error));
  return error;
}
async function idsOf(records: AsyncIterable<{ id: string }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const record of records) ids.push(record.id);
  return ids;
}
const newSource = async (title: string) => (await client.post("/v1/sources", { body: { kind: "report", title } })).data;

/** What must not compile. */
export function refused(): void {
  // @ts-expect-error: no such path
  void client.get("/v1/actor");
  // @ts-expect-error: no such parameter
  void client.get("/v1/actors", { query: { actr: ["taliban"] } });
  // @ts-expect-error: no such code
  void client.get("/v1/actors", { query: { type: ["planet"] } });
  // @ts-expect-error: the id is missing
  void client.get("/v1/actors/{id}");
  // @ts-expect-error: a deletion needs a condition
  void client.delete("/v1/actors/{id}", { path: { id: "taliban" } });
  // @ts-expect-error: the title is missing
  void client.post("/v1/sources", { body: { kind: "report" } });
  // @ts-expect-error: no such method
  void client.post("/v1/search");
  // @ts-expect-error: the path has no asOf
  void client.asOf("latest").get("/v1/changes");
  // @ts-expect-error: the view sets asOf
  void client.asOf("latest").get("/v1/actors", { query: { asOf: "latest" } });
  // @ts-expect-error: a webhook endpoint has no version
  void client.edit("/v1/webhooks/{id}", { path: { id: "x" } }, () => ({}));
  // @ts-expect-error: other formats are for response
  void client.get("/v1/actors", { query: { format: "csv" } });
}

async function paging() {
  const written = (async () => {
    for (let i = 0; i < 20; i++) await newSource(`Written during a walk ${i}`);
  })();
  const lists = {
    sources: (await idsOf(client.all("/v1/sources", { query: { limit: 3 } }))).length,
    actors: await idsOf(client.all("/v1/actors", { query: { limit: 7, sort: ["name"] } })),
    events: await idsOf(client.all("/v1/events", { query: { limit: 7 } })),
    observations: await idsOf(client.all("/v1/indicators/{indicator}/observations", { path: { indicator: "border-length" } })),
  };
  await written;
  const changes: string[] = [];
  for await (const change of client.all("/v1/changes", { query: { limit: 100 } })) changes.push(change.position);
  assert.equal(new Set(changes).size, changes.length);
  let labels = 0;
  for await (const page of client.pages("/v1/events", { query: { facets: ["type"], limit: 1 } })) {
    labels = page.facets?.["type"]?.length ?? 0;
    break;
  }

  const stop = new AbortController();
  const { client: counted, seen } = watched(() => undefined);
  let read = 0;
  await assert.rejects(async () => {
    for await (const _ of counted.all("/v1/actors", { query: { limit: 5 }, signal: stop.signal })) {
      if (++read === 7) stop.abort(new Error("enough"));
    }
  }, /enough/);
  return { ...lists, changes: changes.length, facets: labels > 1, aborted: [read, seen.length] };
}

async function problems() {
  const limit = await problemOf(client.get("/v1/events", { query: { limit: 0 } }));
  const invalid = await problemOf(client.post("/v1/sources", { body: { kind: "report", title: " " } }));
  const missing = await problemOf(client.get("/v1/actors/{id}", { path: { id: "nobody/at all" } }));
  const proxy = await problemOf(watched(() => Promise.resolve(new Response("<html>", { status: 500 }))).client.get("/v1"));
  const nowhere = createClient({ baseUrl: "http://127.0.0.1:9", retries: 0 });
  await assert.rejects(nowhere.get("/v1"), (error) => error instanceof ConnectionError && /fetch failed|bad port/.test(error.message));
  return [
    limit.status, limit.code, limit.at("/query/limit")?.code, limit.at("/query/limit")?.data?.["max"],
    invalid.status, Object.keys(invalid.errors), missing.code, missing.problem?.instance, [proxy.status, proxy.code ?? null],
  ];
}

async function retries() {
  // two failures, and then a response: the wait that the service asks for is kept
  const start = Date.now();
  const waits = watched((_, __, n) => n <= 2 ? respond(n === 1 ? 429 : 503, { "Retry-After": n === 1 ? "1" : "0" }) : undefined);
  await waits.client.get("/v1/actors/{id}", { path: { id: "taliban" } });
  const kept = Date.now() - start >= 1000;
  const tooLong = watched(() => respond(429, { "Retry-After": "61" }));
  const limited = await problemOf(tooLong.client.get("/v1"));
  const forever = watched(() => respond(503, { "Retry-After": "0" }), { retries: 4 });
  await problemOf(forever.client.get("/v1"));
  const cut = watched((url, init, n) => n === 1 ? Promise.reject(new TypeError("cut")) : undefined);
  await cut.client.get("/v1");
  const never = (_: URL, { signal }: RequestInit) =>
    new Promise<Response>((__, reject) => signal!.addEventListener("abort", () => reject(signal!.reason as Error)));
  const silent = watched(never, { retries: 1, timeout: 50 });
  await assert.rejects(silent.client.get("/v1"), /No response within 50 ms/);

  // a write whose response was lost is carried out once
  const lost = watched((url, init, n) => n === 1 ? fetch(url, init).then(() => Promise.reject(new TypeError("cut"))) : undefined);
  const body = { kind: "report", title: "Written once" } as const;
  const once = await lost.client.post("/v1/sources", { body });
  const found = (await idsOf(client.all("/v1/sources", { query: { q: "Written once" } }))).filter((id) => id.startsWith("written-once"));
  const unsafe = watched(() => respond(503, { "Retry-After": "0" }), { idempotencyKeys: false });
  await problemOf(unsafe.client.post("/v1/sources", { body }));
  await problemOf(unsafe.client.post("/v1/sources", { body, headers: { "Idempotency-Key": "own" } }));
  return [
    waits.seen.length, kept, limited.retryAfter, tooLong.seen.length, forever.seen.length, cut.seen.length, silent.seen.length,
    lost.seen.length, once.status, once.headers.get("Idempotency-Replayed"), once.data.version, found.length, unsafe.seen.length,
  ];
}

async function edits() {
  const { id } = await newSource("Edited");
  const path = "/v1/sources/{id}";
  const compete = (title: string) => client.edit(path, { path: { id } }, () => ({ title }));
  let calls = 0;
  const headers = { "Change-Cause": "our-error", "Change-Note": "Ислоҳ" } as const;
  const won = await client.edit(path, { path: { id }, headers }, async (source) => {
    if (++calls < 3) await compete(`Meanwhile ${calls}`);
    return { publisher: `after ${source.title}` };
  });
  let lost = 0;
  const refused = await problemOf(client.edit(path, { path: { id }, attempts: 2 }, async () => {
    await compete(`Again ${++lost}`);
    return { publisher: "never" };
  }));
  const same = await client.edit(path, { path: { id } }, ({ title }) => title === "" ? { kind: "book" } : undefined);
  const put = await client.edit(path, { path: { id }, method: "put" }, ({ title }) => ({ kind: "report", title: `${title}, whole` }));
  const { data: history } = await client.get("/v1/sources/{id}/history", { path: { id } });
  const noted = history.items.find((version) => version.cause === "our-error");
  await client.delete(path, { path: { id }, headers: { "If-Match": put.etag! } });
  const gone = await problemOf(client.edit(path, { path: { id } }, () => ({})));
  return [
    calls, won.data.title, won.data.publisher, won.data.version, lost, refused.code, same.data.version, put.data.title, put.data.publisher,
    noted?.note, gone.code, gone.problem?.tombstone?.version,
  ];
}

async function views() {
  const { data: first, etag, position } = await client.post("/v1/sources", { body: { kind: "report", title: "As it was" } });
  await client.edit("/v1/sources/{id}", { path: { id: first.id } }, () => ({ title: "As it is" }));
  const later = await newSource("Later");
  const past = client.asOf(position!);
  const then = await past.get("/v1/sources/{id}", { path: { id: first.id } });
  const ids = await idsOf(past.all("/v1/sources", { query: { limit: 4 } }));
  const counted = await past.get("/v1/sources", { query: { count: "exact", limit: 1 } });
  const csv = await (await past.response("/v1/sources", { query: { format: "csv", id: [first.id] } })).text();
  const current = await client.getIfChanged("/v1/sources/{id}", etag!, { path: { id: first.id } });
  const unchanged = await client.getIfChanged("/v1/sources/{id}", current!.etag!, { path: { id: first.id } });
  const lines: { id: string }[] = [];
  const ndjson = await client.response("/v1/actors", { query: { format: "ndjson" } });
  for await (const line of readLines<{ id: string }>(ndjson)) lines.push(line);
  return [
    then.data.title, ids.includes(first.id), ids.includes(later.id), counted.data.count?.value === ids.length, csv.includes("As it was"),
    current?.data.title, unchanged, lines.length,
  ];
}

async function addresses() {
  const asked: string[] = [];
  const prefixed = createClient({
    baseUrl: "https://example.org/data/", key: "secret",
    fetch: (input) => {
      asked.push(String(input));
      const next = asked.length === 1 ? "/v1/actors?cursor=1" : "https://elsewhere.example/v1/actors?cursor=2";
      return Promise.resolve(Response.json({ items: [{ id: "a" }], next }));
    },
  });
  await assert.rejects(idsOf(prefixed.all("/v1/actors", { query: { sort: ["name", "id"] } })), /leads away/);
  return asked;
}

async function following() {
  // one after another: a start, changes, a restart, a lost history, a snapshot that is cut, a long poll
  const stored = new Map<string, string>();
  const store = webStore({ getItem: (name) => stored.get(name) ?? null, setItem: (name, value) => void stored.set(name, value) });
  const copy = new Map<string, unknown>();
  const positions: string[] = [];
  let snapshots = 0;
  const callbacks = {
    store,
    resources: ["sources"] as const,
    snapshot: async (records: AsyncIterable<SnapshotRecord>) => {
      snapshots++;
      copy.clear();
      for await (const { resource, id, record } of records) copy.set(`${resource}/${id}`, record);
    },
    changes: (changes: Change[]) => {
      for (const change of changes) {
        positions.push(change.position);
        const record = currentRecord(change);
        if (record === null) copy.delete(`${change.resource}/${change.id}`);
        else if (record !== undefined) copy.set(`${change.resource}/${change.id}`, record);
      }
    },
  };
  const equalsService = async () => {
    const records: [string, unknown][] = [];
    for await (const record of client.all("/v1/sources", { query: { limit: 1000 } })) records.push([`sources/${record.id}`, record]);
    assert.deepEqual([...copy].sort(), records.sort());
  };
  await follow(client, { ...callbacks, once: true });
  await equalsService();
  const { id } = await newSource("Followed");
  const redacted = await newSource("Redacted");
  await client.edit("/v1/sources/{id}", { path: { id: redacted.id } }, () => ({ title: "Kept" }));
  await createClient({ baseUrl, key: adminKey }).post("/v1/redactions",
    { body: { resource: "sources", id: redacted.id, versions: [1], reason: "A test" } });
  await follow(client, { ...callbacks, once: true, limit: 1 });
  await follow(client, { ...callbacks, once: true });
  await equalsService();
  const seen = [positions.length, new Set(positions).size, snapshots];

  stored.set("tajik-taliban-position", "1-00000000");
  const retried: string[] = [];
  const cutting = watched((url, init) => url.pathname === "/v1/snapshot" && retried.length === 1
    ? fetch(url, init).then(async (response) => new Response((await response.text()).split("\n").slice(0, 3).join("\n"), response))
    : undefined);
  await follow(cutting.client, { ...callbacks, once: true, onRetry: (error) => void retried.push(String(error)) });
  await equalsService();

  const stop = new AbortController();
  const start = Date.now();
  const live = follow(client, {
    ...callbacks, signal: stop.signal, wait: 20,
    changes: (changes) => {
      callbacks.changes(changes);
      stop.abort();
    },
  });
  setTimeout(() => void client.edit("/v1/sources/{id}", { path: { id } }, () => ({ title: "Live" })), 200);
  await live;
  await equalsService();
  const quick = Date.now() - start < 10_000;

  // without a snapshot: future changes only, and a lost history is the caller's
  const own = memoryStore();
  const operations: string[] = [];
  const events = { store: own, changes: (changes: Change[]) => void operations.push(...changes.map((change) => change.operation)) };
  await follow(client, { ...events, once: true });
  await client.edit("/v1/sources/{id}", { path: { id } }, () => ({ title: "Once more" }));
  await follow(client, { ...events, once: true });
  const lost = await problemOf(follow(client, { store: { load: () => "1-00000000" }, changes: () => undefined }));
  // errors of callbacks are not retried, and the position stays
  const before = await own.load();
  await client.edit("/v1/sources/{id}", { path: { id } }, () => ({ title: "And again" }));
  await assert.rejects(follow(client, { store: own, changes: () => { throw new ConnectionError("mine"); } }), /mine/);
  assert.equal(await own.load(), before);
  await assert.rejects(follow(client, { store: memoryStore(), snapshot: () => undefined, changes: () => undefined }), /whole snapshot/);
  return [...seen, retried.length, retried[1], quick, operations, lost.code];
}

const found = {
  paging: await paging(),
  problems: await problems(),
  retries: await retries(),
  edits: await edits(),
  views: await views(),
  addresses: await addresses(),
  following: await following(),
};
console.log(JSON.stringify(found));
