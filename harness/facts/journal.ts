import { sh } from "../render/quote.ts";
import { factOf, linesOf } from "./fact.ts";

/**
 * The last lines a unit's processes, and systemd about it, wrote since boot; the oldest first. Indented lines are left
 * out: a daemon that refuses a flag says so, and then explains all it has, in a hundred lines and more.
 */
export const journal = factOf<string[], [unit: string]>(
  "journal",
  (unit) =>
    `journalctl -b -u ${sh(`${unit}.service`)} -n 1000 -o cat --no-pager | grep -v '^[[:space:]]' | tail -n 60`,
  linesOf,
);

const trouble =
  /\b(fail|fatal|error|unknown|invalid|unable|denied|refused|unreachable|no such|not found|not (provided|defined)|cannot|can't|could ?n[o']t|unavailable|timed? ?out|out of|unsupported|larger than|must be|incompatible|incompatable)/i;

/**
 * What systemd says of a unit whose start failed, in the words of 219 (systemd-rhel7, branch rhel-7.9,
 * src/core/{service,unit,job}.c) and of 252: that it ended, never why.
 */
const systemd = [
  /\b[Mm]ain process exited|\b[Cc]ontrol process exited/,
  /\.service:? failed\.?$|Failed with result|entered failed state/,
  /[Ss]cheduled restart|holdoff time|[Ss]tart request repeated/,
  /\.service:? .*timed out\. |^Timed out (starting|stopping) |\.service:? watchdog timeout/i,
  /^(Failed to start|Dependency failed for|Stopped \(with error\)) (?!.*:)/,
  /^Job \S+ (failed with result|timed out)/,
];

/** What the daemons log on a healthy start too (facts/kubernetes-1.5.2.md §e.18). */
const routine =
  /certificate controller|no cloud provider|clusterCIDR not specified|invalid nodeIP|(?:node info|Can't get Node).*nodes \S+ not found|group docker not found|Usage of |Git SHA|^\s/;

const noise = (line: string): boolean => [...systemd, routine].some((pattern) => pattern.test(line));

/** glog's header: severity, date, time, thread and source line. */
const header = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ [^\]]+\] /;

/** The last lines that say what went wrong, each once, without the log's header; at most `count`, the oldest first. */
export function telling(lines: readonly string[], count: number): string[] {
  const told = lines
    .filter((line) => trouble.test(line) && !noise(line))
    .map((line) => line.replace(header, "").trim());
  return [...new Set(told.reverse())].slice(0, count).reverse();
}
