import type { LabFile } from "../lab/schema.ts";
import { patience } from "./finding.ts";

type Repository = LabFile["repositories"][number];

/** What one mirror of a repository was found to have. */
export interface MirrorFound {
  url: string;
  ok: boolean;
  why: string;
}

/**
 * Asks each mirror of a repository for what yum fetches first: repomd.xml, its signature where the metadata is signed,
 * and the list of packages it names, for a server may have the one and refuse the other (docs/facts/centos7.md §4).
 */
export const askMirrors = ({ baseurl, signedMetadata }: Repository): Promise<MirrorFound[]> =>
  Promise.all(baseurl.filter((url) => /^https?:/.test(url)).map((url) => askMirror(url, signedMetadata)));

async function askMirror(url: string, signed: boolean): Promise<MirrorFound> {
  const signal = AbortSignal.timeout(patience);
  const at = (path: string) => new URL(path, url.endsWith("/") ? url : `${url}/`).href;
  const had: string[] = [];
  let asked = at("repodata/repomd.xml");
  const get = async (path: string, method: "GET" | "HEAD"): Promise<string> => {
    asked = at(path);
    const answer = await fetch(asked, { method, signal });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    had.push(path.replace(/^.*\/(?:[0-9a-f]{64}-)?/, ""));
    return answer.text();
  };
  try {
    const index = await get("repodata/repomd.xml", "GET");
    if (signed) await get("repodata/repomd.xml.asc", "HEAD");
    const list = packageList(index);
    if (list === undefined) throw new Error("it names no list of packages");
    await get(list, "HEAD");
    return { url, ok: true, why: `${url} has ${had.join(", ")}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
    const reason = cause.name === "TimeoutError" ? `no answer in ${patience / 1000} s` : cause.message;
    return { url, ok: false, why: `${asked}: ${reason}` };
  }
}

/** The path of the list of packages that yum takes: its database where there is one, else the XML. */
function packageList(index: string): string | undefined {
  for (const type of ["primary_db", "primary"]) {
    const section = new RegExp(`<data type="${type}">([^]*?)</data>`).exec(index)?.[1] ?? "";
    const path = /<location [^>]*href="([^"]+)"/.exec(section)?.[1];
    if (path !== undefined) return path;
  }
  return undefined;
}
