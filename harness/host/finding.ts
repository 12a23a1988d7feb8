/** One thing a lab needs of its host. */
export interface Finding {
  what: string;
  /** `unproved`: the lab can run all the same, or this cannot be told from here. */
  found: "yes" | "no" | "unproved";
  why: string;
  /** The command or step that mends it. */
  mend?: string;
}

/** How long any one look at the host may take: together they end as quickly, for they are made side by side. */
export const patience = 5000;

export const yes = (what: string, why: string): Finding => ({ what, found: "yes", why });
export const no = (what: string, why: string, mend: string): Finding => ({ what, found: "no", why, mend });
export const unproved = (what: string, why: string, mend?: string): Finding => ({
  what,
  found: "unproved",
  why,
  ...(mend === undefined ? {} : { mend }),
});

/** Whether a lab can run on a host of which this was found. */
export const canRun = (findings: readonly Finding[]): boolean =>
  findings.every(({ found }) => found !== "no");

/** Findings for a person, a line each, aligned; below what is missing, the command that mends it. */
export function listed(findings: readonly Finding[]): string[] {
  const wide = Math.max(0, ...findings.map(({ what }) => what.length));
  return findings.flatMap(({ what, found, why, mend }) => [
    `${{ yes: "✓", no: "✗", unproved: "?" }[found]} ${what.padEnd(wide)}  ${why}`,
    ...(mend === undefined ? [] : [`    mend  ${mend}`]),
  ]);
}
