// For generators that write schemas of zod alone: `fetch` sends the requests. What is sent, and what the script reads, is what the schemas
// made of it: a schema that refuses a response, or loses a field of it, fails the calls.
import { ZodError } from "zod";
import type { Api, Problem, Reply } from "./calls.js";

interface Schema<T> {
  parse(value: unknown): T;
}

type Data<K extends keyof Api> = Awaited<ReturnType<Api[K]>>["data"];

export type Schemas = { [K in keyof Api]: { query?: Schema<object | undefined>; body?: Schema<unknown>; data: Schema<Data<K>> } };

interface Parts {
  query?: object | undefined;
  body?: unknown;
  headers?: Record<string, string>;
  /** The field of the body that breaks a rule of the contract: the schema refuses it, and it is sent to the service all the same. */
  invalid?: string;
}

function parsed(schema: Schema<unknown>, { body, invalid }: Parts): unknown {
  try {
    const sent = schema.parse(body);
    if (invalid) throw new Error(`The schema takes a wrong ${invalid}.`);
    return sent;
  } catch (refused) {
    if (refused instanceof ZodError && refused.issues.length > 0 && refused.issues.every((i) => i.path[0] === invalid)) return body;
    throw refused;
  }
}

export const apiOf = (schemas: Schemas, problem: Schema<Problem>) => (address: string, key: string): Api => {
  async function send<K extends keyof Api>(name: K, method: string, path: string, parts: Parts = {}): Promise<Reply<Data<K>>> {
    const { query, body, data } = schemas[name];
    const parameters = new URLSearchParams();
    for (const [parameter, values] of Object.entries(query?.parse(parts.query ?? {}) ?? {})) {
      for (const value of [values].flat()) if (value !== undefined) parameters.append(parameter, String(value));
    }
    const response = await fetch(`${address}${path}?${parameters}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", ...parts.headers },
      body: body ? JSON.stringify(parsed(body, parts)) : null,
    });
    const text = await response.text();
    const json: unknown = text === "" ? undefined : JSON.parse(text);
    const { status, headers } = response;
    return response.ok
      ? { status, headers, data: data.parse(json) as Reply<Data<K>>["data"] }
      : { status, headers, problem: problem.parse(json) };
  }

  const source = (id: string): string => `/v1/sources/${id}`;
  return {
    listRelations: (query) => send("listRelations", "GET", "/v1/relations", { query }),
    listActors: (query) => send("listActors", "GET", "/v1/actors", { query }),
    getEvent: (id, query) => send("getEvent", "GET", `/v1/events/${id}`, { query }),
    createActor: (body) => send("createActor", "POST", "/v1/actors", { body, invalid: "name" }),
    createSource: (body) => send("createSource", "POST", "/v1/sources", { body }),
    getSource: (id, query) => send("getSource", "GET", source(id), { query }),
    replaceSource: (id, { ifMatch, ifNoneMatch }, body) => send("replaceSource", "PUT", source(id), { body,
      headers: { ...(ifMatch ? { "If-Match": ifMatch } : {}), ...(ifNoneMatch ? { "If-None-Match": ifNoneMatch } : {}) } }),
    changeSource: (id, ifMatch, body) => send("changeSource", "PATCH", source(id), { body, headers: { "If-Match": ifMatch } }),
    deleteSource: (id, ifMatch) => send("deleteSource", "DELETE", source(id), { headers: { "If-Match": ifMatch } }),
    getSourceHistory: (id) => send("getSourceHistory", "GET", `${source(id)}/history`),
    writeBatch: (body) => send("writeBatch", "POST", "/v1/batch", { body }),
    listChanges: (query) => send("listChanges", "GET", "/v1/changes", { query }),
    search: (q) => send("search", "GET", "/v1/search", { query: { q } }),
  };
};
