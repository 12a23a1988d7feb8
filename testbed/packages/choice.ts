import { budget } from "../../harness/budgets.ts";
import type { DaemonsChoice, DaemonsHook } from "../../harness/lab/hooks.ts";
import { missingArchives, type Sites } from "./upstream.ts";

interface Choosing {
  cache: string;
  sums: Record<string, string | undefined>;
  signal: AbortSignal;
  sites?: Sites;
  /** How long sites may take to answer, in milliseconds. */
  within?: number;
}

/**
 * Upstream's daemons where they are in the cache or their sites answer in time, else stand-ins; and why. Nothing is
 * fetched yet.
 * @throws the signal's reason
 */
export async function choose({
  cache,
  sums,
  signal,
  sites,
  within = budget.reach,
}: Choosing): Promise<DaemonsChoice> {
  const missing = await missingArchives({ cache, sums, ...(sites === undefined ? {} : { sites }) });
  if (missing.length === 0) return { daemons: "upstream", why: "as released; they are in the cache" };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(within)]);
  const answers = await Promise.all(missing.map((url) => lookAt(url, limit)));
  signal.throwIfAborted();
  const silent = answers.find((answer) => "trouble" in answer);
  if (silent !== undefined) {
    const tried = `looked for ${within / 1000} s at most`;
    return { daemons: "stand-ins", why: `for the released ones cannot be had: ${silent.trouble} (${tried})` };
  }
  return {
    daemons: "upstream",
    why: `as released; ${sizeOf(answers)} to fetch from ${hosts(missing)}, once`,
  };
}

/** What a lab's prepare hook chooses where nobody says which daemons. */
export const chooseDaemons: DaemonsHook = ({ lab, cache, signal }) =>
  choose({ cache, signal, sums: lab.daemonSums ?? {} });

type Answer = { bytes: number | undefined } | { trouble: string };

/** Whether a site has an archive, and how large it is. */
async function lookAt(url: string, signal: AbortSignal): Promise<Answer> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, { method: "HEAD", signal });
    if (!response.ok) return { trouble: `${host} answers ${response.status}` };
    const length = Number(response.headers.get("content-length"));
    return { bytes: length > 0 ? length : undefined };
  } catch {
    return { trouble: `${host} does not answer` };
  }
}

function sizeOf(answers: Answer[]): string {
  const bytes = answers.map((answer) => ("bytes" in answer ? answer.bytes : undefined));
  const known = bytes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  const megabytes = `${Math.ceil(known / 1_000_000)} MB`;
  if (known === 0) return "an amount that the sites do not tell";
  return bytes.includes(undefined) ? `${megabytes} or more` : megabytes;
}

const hosts = (urls: string[]): string => [...new Set(urls.map((url) => new URL(url).host))].join(", ");
