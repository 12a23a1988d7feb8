import type { LabFile } from "../lab/schema.ts";

type Repositories = LabFile["repositories"];

/** How yum 3 and dnf 4 end when no mirror gave what they asked for. */
const inVain =
  /No more mirrors to try|Cannot find a valid baseurl for repo|Cannot retrieve (?:repository metadata|metalink)|All mirrors were tried|Failed to download metadata/;

/** What one server answered, a line each: yum's "URL: [Errno 14] WHY", dnf's "- WHY for URL [details]" or "[MIRROR] FILE: WHY for URL". */
const answers: { pattern: RegExp; url: number; why: number }[] = [
  { pattern: /^(?:failure: )?(https?:\/\/\S+): \[Errno (?:12|14)\] (.+)$/gm, url: 1, why: 2 },
  { pattern: /^(?:\s*- |\[MIRROR\] \S+: )(.+) for (https?:\/\/\S+)(?: .*)?$/gm, url: 2, why: 1 },
];

/** yum's number for what came and was not right: a signature or a sum, which is no silence. */
const wrong = /\[Errno -1\]|does not match|signature could not be verified|GPG verification/;

/**
 * Why packages could not be had, where it is that a repository's server did not answer with what it has: "the CentOS
 * vault did not answer: HTTPS Error 403 - Forbidden (https://…/primary.sqlite.bz2)".
 * @param output what yum or dnf said
 * @returns undefined where they failed for another reason
 */
export function outageIn(output: string, repositories: Repositories): string | undefined {
  if (!inVain.test(output) || wrong.test(output)) return undefined;
  const silent = new Map<string, string>();
  for (const { pattern, url, why } of answers) {
    for (const match of output.matchAll(pattern)) {
      const asked = match[url] ?? "";
      silent.set(nameOf(asked, repositories), `${(match[why] ?? "").trim()} (${asked})`);
    }
  }
  const told = [...silent].map(([name, why]) => `${name} did not answer: ${why}`);
  return told.length === 0 ? undefined : told.join("; ");
}

/** What the lab file calls the server of a URL; its host where it is not the first of its repository's mirrors. */
function nameOf(url: string, repositories: Repositories): string {
  const owner = repositories.find(({ baseurl }) => url.startsWith(baseurl[0] ?? "\0"));
  return owner?.origin ?? new URL(url).host;
}
