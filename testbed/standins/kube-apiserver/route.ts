import { resources, type Place } from "./resources.ts";

/** What a path means. */
export interface Route extends Place {
  subresource: string;
  query: URLSearchParams;
  watching: boolean;
}

/** What object or list a path names; undefined where it names none this server keeps. */
export function routeOf(url: URL): Route | undefined {
  const parts = url.pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const group = parts.splice(0, parts[0] === "api" ? 2 : 3).join("/");
  if (group !== "api/v1" && group !== "apis/extensions/v1beta1") return undefined;
  const old = parts[0] === "watch";
  if (old) parts.shift();
  const inNamespace =
    parts[0] === "namespaces" && parts.length > 2 && !["status", "finalize"].includes(parts[2] ?? "");
  const namespace = inNamespace ? (parts.splice(0, 2)[1] ?? "") : "";
  const [plural = "", name = "", subresource = "", ...more] = parts;
  const resource = resources.find((known) => known.name === plural);
  if (resource === undefined || more.length > 0) return undefined;
  if ((resource.group === "") !== (group === "api/v1")) return undefined;
  if (resource.namespaced ? name !== "" && namespace === "" : namespace !== "") return undefined;
  if (subresource !== "" && !resource.subresources.includes(subresource)) return undefined;
  const query = url.searchParams;
  const watching = old || ["true", "1", ""].includes(query.get("watch") ?? "no");
  if (watching && name !== "") query.append("fieldSelector", `metadata.name=${name}`);
  return { resource, namespace, name: watching ? "" : name, subresource, query, watching };
}
