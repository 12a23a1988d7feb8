import { ClusterBroken } from "../errors.ts";
import { sh } from "../render/quote.ts";
import { factOf, type Observation } from "./fact.ts";

/** What an HTTP server answered. */
export interface Answer {
  status: number;
  body: string;
}

/** No answer came from a server of the cluster. */
export class NoAnswer extends ClusterBroken {
  readonly url: string;
  readonly reason: string;

  constructor(machine: string, url: string, reason: string) {
    super(`${machine}: expected an answer from ${url}, saw ${reason}`);
    this.url = url;
    this.reason = reason;
  }
}

/** curl's command for a URL, whose output `answerOf` reads. CentOS 7 has curl 7.29. */
export const curl = (url: string, ...options: readonly string[]): string =>
  ["curl -sS --noproxy '*' -A hardway-e2e --max-time 10 -w '\\n%{http_code}'", ...options, sh(url)].join(" ");

/** What the server answered. @throws NoAnswer where nothing did, or not in time */
export function answerOf(url: string, { machine, stdout, stderr, code }: Observation): Answer {
  const end = stdout.lastIndexOf("\n");
  const status = Number(stdout.slice(end + 1));
  if (code !== 0 || !(status > 0)) {
    throw new NoAnswer(machine, url, stderr.trim().split("\n").at(-1) || `curl's exit code ${code}`);
  }
  return { status, body: stdout.slice(0, end) };
}

/** The body of a server's answer. @throws NoAnswer where there is none or its status is not 200 */
export function bodyOf(url: string, seen: Observation): string {
  const { status, body } = answerOf(url, seen);
  if (status !== 200) throw new NoAnswer(seen.machine, url, `HTTP ${status}: ${body.slice(0, 200).trim()}`);
  return body;
}

/** What a URL answers this machine; following no redirection. */
export const http = factOf<Answer, [url: string]>(
  "http",
  (url) => curl(url),
  (_, seen) => answerOf(seen.args[0] ?? "", seen),
);
