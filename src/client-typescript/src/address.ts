type Value = string | number | boolean;
export type Parameters = Readonly<Record<string, Value | readonly Value[] | null | undefined>>;

/** The address of an operation: `{…}` of the path filled in, lists as a parameter for each value. */
export function addressOf(base: URL, template: string, path: Parameters = {}, query: Parameters = {}): URL {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path[name];
    if (value === undefined || value === null || value === "")
      throw new TypeError(`${template}: the path parameter '${name}' is missing`);
    return encodeURIComponent(String(value));
  });
  const url = new URL(prefixOf(base) + filled, base);
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null)
        url.searchParams.append(name, String(one));
    }
  }
  return url;
}

/** The address of a link of the service. It stays at the service, since the key goes with it. */
export function linkOf(base: URL, link: string): URL {
  const prefix = prefixOf(base);
  const url = new URL(link.startsWith("/") && !link.startsWith(`${prefix}/`) ? prefix + link : link, base);
  if (url.origin !== base.origin)
    throw new Error(`The link ${link} leads away from ${base.origin}`);
  return url;
}

function prefixOf(base: URL): string {
  return base.pathname.replace(/\/+$/, "");
}
