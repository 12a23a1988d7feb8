import { fact } from "./fact.ts";

/** What a machine is. */
export interface System {
  /** PRETTY_NAME: "CentOS Linux 7 (Core)". */
  os: string;
  kernel: string;
  /** The machine's clock, milliseconds since 1970. */
  clock: number;
}

export const system = fact("system", "date +%s; uname -r; cat /etc/os-release", (stdout): System => {
  const [seconds = "", kernel = ""] = stdout.split("\n");
  if (!/^\d+$/.test(seconds)) throw new Error("expected the time");
  return {
    os: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(stdout)?.[1] ?? "unknown",
    kernel,
    clock: Number(seconds) * 1000,
  };
});
