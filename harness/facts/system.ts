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

/** How far a machine's clock is ahead of the host's, in seconds; negative where it is behind. */
export const clock = fact("clock", "date +%s.%N", (stdout, { at }): number => {
  if (!/^\d+\.\d+\n$/.test(stdout)) throw new Error("expected the time");
  return Number(stdout) - Date.parse(at) / 1000;
});
