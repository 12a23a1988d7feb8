import { z } from "zod";
import { ClusterBroken } from "../errors.ts";
import { sh } from "../render/quote.ts";
import { fact, factOf, linesOf } from "./fact.ts";
import { answerOf, curl } from "./http.ts";

const info = z.object({ ServerVersion: z.string() });
type DockerInfo = z.output<typeof info>;

/** The docker daemon's own account of itself. @throws ClusterBroken where it does not answer */
export const dockerInfo = fact(
  "docker info",
  "timeout 30 docker info --format '{{json .}}'",
  (stdout, seen): DockerInfo => {
    const read = info.safeParse(parsed(stdout));
    if (read.success && read.data.ServerVersion !== "") return read.data;
    throw new ClusterBroken(
      `${seen.machine} docker: expected the daemon to answer, saw ${lastLine(seen.stderr || stdout)}`,
    );
  },
);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";

/** How often a service is asked: with one of three pods on its own worker, 20 times in vain is no luck. */
const often = 20;

/**
 * The statuses a URL of a service answers inside a container's network when it is asked often, each time over a
 * connection of its own: "200", or "000" where none came. The query of each is its number.
 */
export const httpOftenFromContainer = factOf<string[], [pid: string, url: string]>(
  "http often from container",
  (pid, url) =>
    `nsenter -t ${sh(pid)} -n curl -sS --noproxy '*' -A hardway-e2e -H 'Connection: close' --connect-timeout 3 --max-time 10 -o /dev/null -w '%{http_code}\\n' ${sh(`${url}?[1-${often}]`)}`,
  (stdout, { stderr }) => {
    const statuses = linesOf(stdout);
    if (statuses.length !== often) throw new Error(stderr.trim() || `expected ${often} answers`);
    return statuses;
  },
);

/**
 * The HTTP status that a URL answers inside a container's network: the host's curl, put into the network namespace of the container's
 * first process, so that the image need hold no client, and docker's own need not be started.
 */
export const httpFromContainer = factOf<number, [pid: string, url: string]>(
  "http from container",
  (pid, url) => `nsenter -t ${sh(pid)} -n ${curl(url)}`,
  (_, seen) => answerOf(seen.args[1] ?? "", seen).status,
);
