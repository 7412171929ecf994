// A program that uses the generated types as a front end would. A test generates them, compiles this strictly and runs it against the service:
// node use-client.js ADDRESS KEY, and it prints what it found.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api.js";

type Actor = components["schemas"]["Actor"];
type Problem = components["schemas"]["Problem"];

const [address = "", key = ""] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: address });
const authorization = { Authorization: `Bearer ${key}` };

// the addresses of records give CSV and lines too, which are texts: only `format` and `Accept` ask for them
function json<T>(data: T | undefined): Exclude<T, string> | undefined {
  if (typeof data === "string") throw new Error(`A text: ${data}`);
  return data as Exclude<T, string> | undefined;
}

// a list, typed to the last field
const trade = await client.GET("/v1/trade", {
  params: { query: { reporter: ["tajikistan"], partner: ["iso3:AFG"], flow: ["T", "X"], sort: ["-earliest"], "value.gte": 1_000_000 } },
});
const figures = json(trade.data);
if (!figures) throw new Error(JSON.stringify(trade.error));
const figure = figures.items[0];
if (!figure) throw new Error("There is no figure.");
const value: number | null = figure.value;
const frequency: "A" | "S" | "Q" | "M" = figure.frequency;

// all pages, by following `next`
const names: string[] = [];
let cursor: string | undefined;
do {
  const response = await client.GET("/v1/actors", { params: { query: { limit: 20, sort: ["name"], ...(cursor ? { cursor } : {}) } } });
  const page = json(response.data);
  if (!page) throw new Error(JSON.stringify(response.error));
  names.push(...page.items.map((actor: Actor) => actor.name));
  cursor = page.next ? (new URL(page.next, address).searchParams.get("cursor") ?? undefined) : undefined;
} while (cursor);

// what may be null has to be looked at first
const event = await client.GET("/v1/events/{id}", { params: { path: { id: "yatimov-kabul-visit-2024-08" }, query: { expand: ["participants.actor"] } } });
const place: string | undefined = json(event.data)?.place?.name;
const met = json(event.data)?.expanded?.actors?.["prosecutor-general-taliban"]?.name;

// adding, changing with the tag of what was read, deleting
const added = await client.POST("/v1/sources", { headers: authorization, body: { kind: "report", title: "A report of the TypeScript client" } });
if (!added.data) throw new Error(JSON.stringify(added.error));
const changed = await client.PATCH("/v1/sources/{id}", {
  params: { path: { id: added.data.id }, header: { "If-Match": added.response.headers.get("ETag") ?? "" } },
  headers: authorization,
  body: { publisher: "A press", published: null },
});
const deleted = await client.DELETE("/v1/sources/{id}", {
  params: { path: { id: added.data.id }, header: { "If-Match": changed.response.headers.get("ETag") ?? "" } },
  headers: authorization,
});

// what happened to it: the history of the record, and the feed of all that comes after its first version
const history = await client.GET("/v1/sources/{id}/history", { params: { path: { id: added.data.id } } });
const created = history.data?.items.at(-1);
const operations: ("created" | "updated" | "deleted" | "merged" | "redacted")[] = [];
for (let after = created?.position; ;) {
  const page = await client.GET("/v1/changes", { params: { query: { resource: ["sources"], ...(after ? { after } : {}) } } });
  // the same address gives lines and a stream as well, which are texts
  if (!page.data || typeof page.data === "string") throw new Error(JSON.stringify(page.error));
  operations.push(...page.data.items.filter((change) => change.id === added.data.id).map((change) => change.operation));
  after = page.data.position;
  if (page.data.complete) break;
}
const past = await client.GET("/v1/sources/{id}", { params: { path: { id: added.data.id }, query: { asOf: created?.position ?? "" } } });

// lines are a text, one JSON document on each
const snapshot = await client.GET("/v1/snapshot", { params: { query: { resource: ["sources"] } }, parseAs: "text" });
const lines = (snapshot.data ?? "").trim().split("\n").map((line): { complete?: boolean } => JSON.parse(line));

// a problem is typed too
const missing = await client.GET("/v1/actors/{id}", { params: { path: { id: "nobody" } } });
const problem: Problem | undefined = missing.error;

console.log(JSON.stringify({
  value,
  frequency,
  actors: names.length,
  ordered: names.every((name, i) => i === 0 || new Intl.Collator("en").compare(names[i - 1]!, name) <= 0),
  place,
  met,
  added: added.response.status,
  version: changed.data?.version,
  publisher: changed.data?.publisher,
  deleted: deleted.response.status,
  operations,
  firstPointer: history.data?.items.at(1)?.differences[0]?.pointer,
  past: json(past.data)?.version,
  snapshot: lines.at(-1)?.complete,
  problem: problem?.title,
}));
