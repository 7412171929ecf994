// One script of 25 calls for all generated clients: what a front end does in a day. Each client has an adapter that makes `Api` of what its
// generator wrote, and is compiled strictly; `calls` returns what it found, the same for every client.
import type { components } from "./generated/openapi-fetch/api.js";

type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

// generators differ in which arrays of responses they make readonly
type Deep<T> = T extends readonly (infer U)[] ? readonly Deep<U>[] : T extends object ? { readonly [K in keyof T]: Deep<T[K]> } : T;

export interface Reply<T> {
  status: number;
  headers: Headers;
  data?: Deep<T> | undefined;
  problem?: Problem | undefined;
}

export interface RelationQuery {
  type?: Schemas["RelationTypeCode"][];
  actor?: string[];
  count?: Schemas["CountKind"];
  facets?: Schemas["RelationFacet"][];
}

export interface Api {
  listRelations(query: RelationQuery): Promise<Reply<Schemas["RelationList"]>>;
  listActors(query: { limit: number; sort: Schemas["ActorOrder"][]; cursor?: string }): Promise<Reply<Schemas["ActorList"]>>;
  getEvent(id: string, query: { expand?: Schemas["EventReference"][] }): Promise<Reply<Schemas["EventWithExpanded"]>>;
  createActor(body: Schemas["ActorRequest"]): Promise<Reply<Schemas["Actor"]>>;
  createSource(body: Schemas["SourceRequest"]): Promise<Reply<Schemas["Source"]>>;
  getSource(id: string, query?: { version?: number; asOf?: string }): Promise<Reply<Schemas["Source"]>>;
  replaceSource(id: string, headers: { ifMatch?: string; ifNoneMatch?: string }, body: Schemas["SourceRequest"]): Promise<Reply<Schemas["Source"]>>;
  changeSource(id: string, ifMatch: string, body: Schemas["SourcePatch"]): Promise<Reply<Schemas["Source"]>>;
  deleteSource(id: string, ifMatch: string): Promise<Reply<unknown>>;
  getSourceHistory(id: string): Promise<Reply<Schemas["History"]>>;
  writeBatch(lines: Schemas["BatchLineRequest"][]): Promise<Reply<Schemas["Batch"]>>;
  listChanges(query: { after?: string; resource?: Schemas["ResourceName"][] }): Promise<Reply<Schemas["Changes"]>>;
  search(q: string): Promise<Reply<Schemas["Search"]>>;
}

function data<T>(reply: Reply<T>): Deep<T> {
  if (reply.data === undefined) throw new Error(`${reply.status} ${JSON.stringify(reply.problem)}`);
  return reply.data;
}

const refusal = (reply: Reply<unknown>): string => `${reply.status} ${reply.problem?.code}`;

export async function calls(api: Api, own: string): Promise<string[]> {
  const found: string[] = [];
  const note = (...what: unknown[]): void => void found.push(what.join(" "));

  // 1: two values in two filters
  const relations = data(await api.listRelations({ type: ["border", "hostility"], actor: ["tajikistan", "taliban"] }));
  note(relations.items.map((r) => r.id).sort().join(","));
  // 2: what the list counts
  const counted = data(await api.listRelations({ type: ["border", "hostility"], count: "exact", facets: ["type"] }));
  note(counted.count?.value, counted.facets?.["type"]?.map((f) => `${f.value}:${f.count}`).sort().join(","));
  // 3 to 5: all pages
  const names: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = data(await api.listActors({ limit: 40, sort: ["name"], ...(cursor ? { cursor } : {}) }));
    names.push(...page.items.map((a) => a.name));
    cursor = page.next ? (new URL(page.next, "http://localhost").searchParams.get("cursor") ?? undefined) : undefined;
    pages++;
  } while (cursor && pages < 10);
  note(names.length, pages);
  // 6: what is not known is null
  const visit = data(await api.getEvent("yatimov-kabul-visit-2024-08", {}));
  note(visit.deaths === null, visit.place?.latitude === null, visit.place?.name);
  // 7: with the records that it refers to
  const expanded = data(await api.getEvent("yatimov-kabul-visit-2024-08", { expand: ["participants.actor"] }));
  note(expanded.expanded?.actors?.["prosecutor-general-taliban"]?.name);
  // 8: create, with null for what is absent
  const created = await api.createSource({ id: own, kind: "report", title: "A report", publisher: null, authors: null });
  const position = created.headers.get("Position") ?? "";
  note(created.status, data(created).version, created.headers.get("ETag") !== null, position !== "");
  // 9: read it
  const read = await api.getSource(own);
  note(data(read).title, data(read).publisher === null);
  // 10: change it, with the tag of what was read
  const changed = await api.changeSource(own, read.headers.get("ETag") ?? "", { publisher: "A press", title: "Гузориш" });
  note(changed.status, data(changed).version, data(changed).publisher, data(changed).title);
  // 11: clear a field
  const cleared = await api.changeSource(own, changed.headers.get("ETag") ?? "", { publisher: null });
  note(cleared.status, data(cleared).publisher === null);
  // 12: a tag of before
  note(refusal(await api.changeSource(own, read.headers.get("ETag") ?? "", { title: "Lost" })));
  // 13: the id is taken
  note(refusal(await api.createSource({ id: own, kind: "report", title: "Another" })));
  // 14: nobody
  const missing = await api.getSource(`${own}-nobody`);
  note(refusal(missing), missing.problem?.status);
  // 15: a body that breaks rules, with the codes of its fields
  const invalid = await api.createActor({ name: " ", type: "state", citations: [{ source: "nobody", certainty: "stated" }] });
  note(refusal(invalid), Object.entries(invalid.problem?.errors ?? {}).map(([at, of]) => `${at}:${of.map((e) => e.code).join("+")}`).sort().join(","));
  // 16: create at an id
  const put = await api.replaceSource(`${own}-put`, { ifNoneMatch: "*" }, { kind: "law", title: "A law" });
  note(put.status, data(put).kind);
  // 17: replace it
  const replaced = await api.replaceSource(`${own}-put`, { ifMatch: put.headers.get("ETag") ?? "" }, { kind: "book", title: "A book" });
  note(replaced.status, data(replaced).version, data(replaced).kind);
  // 18: a batch
  const batch = await api.writeBatch([
    { op: "upsert", resource: "sources", record: { id: `${own}-1`, kind: "report", title: "One" }, cause: "new-fact", note: "Аз бойгонӣ" },
    { op: "delete", resource: "sources", id: `${own}-put`, version: 2 },
  ]);
  note(batch.status, data(batch).created, data(batch).deleted, data(batch).lines.map((l) => l.outcome).join(","));
  // 19: what happened since
  const changes = data(await api.listChanges({ after: position, resource: ["sources", "actors"] }));
  note(changes.items.map((c) => `${c.operation}:${c.version}`).join(","), changes.items.at(-2)?.note, changes.complete);
  // 20: its history
  const history = data(await api.getSourceHistory(own));
  note(history.items.map((v) => v.version).join(","), history.items[0]?.differences.map((d) => d.pointer).join(","));
  // 21: a version of then
  note(data(await api.getSource(own, { version: 2 })).publisher);
  // 22: as of a position
  note(data(await api.getSource(own, { asOf: position })).title);
  // 23: search
  note(data(await api.search("Yatimov")).items.length > 0);
  // 24: delete
  note((await api.deleteSource(own, cleared.headers.get("ETag") ?? "")).status);
  // 25: it is gone
  const gone = await api.getSource(own);
  note(refusal(gone), gone.problem?.tombstone?.version);
  return found;
}

export async function main(api: (address: string, key: string) => Api): Promise<void> {
  const [address = "", key = "", own = ""] = process.argv.slice(2);
  console.log(JSON.stringify(await calls(api(address, key), own)));
}
