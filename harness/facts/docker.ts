import { z } from "zod";
import { ClusterBroken } from "../errors.ts";
import { sh } from "../render/quote.ts";
import { fact, factOf } from "./fact.ts";
import { answerOf, curl, type Answer } from "./http.ts";

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

/**
 * What a URL answers inside a container's network: the host's curl, put into the network namespace of the container's
 * first process, so that the image need hold no client, and docker's own need not be started.
 */
export const httpFromContainer = factOf<Answer, [pid: string, url: string]>(
  "http from container",
  (pid, url) => `nsenter -t ${sh(pid)} -n ${curl(url)}`,
  (_, seen) => answerOf(seen.args[1] ?? "", seen),
);
