import { fact } from "./fact.ts";

/** What a machine is. */
export interface System {
  /** PRETTY_NAME: "CentOS Linux 7 (Core)". */
  os: string;
  kernel: string;
}

export const system = fact("system", "uname -r; cat /etc/os-release", (stdout): System => {
  const [kernel = ""] = stdout.split("\n");
  if (kernel === "") throw new Error("expected the kernel's release");
  return { os: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(stdout)?.[1] ?? "unknown", kernel };
});

/**
 * How far a machine's clock is ahead of the host's at least, in seconds; negative where it is behind. On the way it
 * takes some time until a machine looks at its clock.
 */
export const clock = fact("clock", "date +%s.%N", (stdout, { at, slack = 0 }): number => {
  if (!/^\d+\.\d+\n$/.test(stdout)) throw new Error("expected the time");
  const [seen, earliest] = [Number(stdout), Date.parse(at) / 1000];
  const latest = earliest + slack / 1000;
  return seen < earliest ? seen - earliest : Math.max(0, seen - latest);
});
