import { basename } from "node:path";
import type { Taken } from "./taken.ts";
import { topics } from "./topics.ts";

/** A file of a bundle. */
export interface Entry {
  /** In the bundle, below its one folder. */
  path: string;
  bytes: number;
  /** When it was written. */
  at: Date;
  /** Why it was left out, where it was. */
  left?: string;
}

/** What files of a run's folder are; the first pattern that fits counts. */
const known: [RegExp, string | ((path: string) => string)][] = [
  [/^results\.json$/, "everything the run found, as data; harness/report/results says what each field is"],
  [/^report\.html$/, "the report, for a browser"],
  [/^report\.md$/, "the report, in Markdown"],
  [/^junit\.xml$/, "the specs as JUnit has them"],
  [
    /^observations(-\d+)?\.jsonl$/,
    "the recording of a judging: each question put to a machine and its answer, a line each",
  ],
  [/^session\.json$/, "which lab this was, with its addresses, sources and placement"],
  [/^rendered\/Vagrantfile$/, "the Vagrantfile, as rendered"],
  [/^rendered\//, (path) => `/${path.split("/").slice(2).join("/")} as rendered for ${partOf(path)}`],
  [
    /^consoles\//,
    (path) => `what ${basename(path, ".log")} wrote to its serial console since it was started`,
  ],
  [/^machines\/taken\.json$/, "when the machines were asked, and which answered"],
  [/^machines\/.*\/unanswered\.txt$/, (path) => `why ${partOf(path)} has told nothing`],
  [/^machines\//, (path) => topics[basename(path)]?.what ?? "told by the machine"],
  [/^vagrant.*\.log$/, "what Vagrant said"],
  [/^Vagrantfile$/, "the Vagrantfile that was used"],
  [/^network-.*\.xml$/, "a network, as libvirt was told to make it"],
  [/\.png$/, "a picture of a page"],
];

const partOf = (path: string): string => path.split("/")[1] ?? "";

/** The index of a bundle: when and of whom, what did not answer, then a line per file. */
export function indexOf(entries: readonly Entry[], taken: Taken | undefined, now: Date): string {
  const wide = Math.max(0, ...entries.map(({ path }) => path.length));
  const long = Math.max(0, ...entries.map(({ bytes }) => String(bytes).length));
  return [
    `Diagnostics of a run of hardway-e2e, packed ${now.toISOString()}.`,
    "Secrets were taken out; `[redacted: …]` stands where one was.",
    "",
    ...asked(entries, taken),
    "",
    ...entries.map(
      ({ path, bytes, at, left }) =>
        `${path.padEnd(wide)}  ${left === undefined ? String(bytes).padStart(long) : "-".padStart(long)}  ` +
        `${at.toISOString().slice(0, 19)}Z  ${left === undefined ? "" : `left out: ${left}; `}${meaning(path)}`,
    ),
    "",
  ].join("\n");
}

function asked(entries: readonly Entry[], taken: Taken | undefined): string[] {
  if (taken === undefined) {
    const never = new Set(
      entries
        .map(({ path }) => path)
        .filter((path) => /^rendered\/[^/]+\//.test(path))
        .map(partOf),
    );
    const whom = never.size === 0 ? "No machine" : [...never].join(", ");
    return [`${whom}: not asked, for none was reached${never.size === 0 ? "" : "; see consoles/"}`];
  }
  return [
    `The machines were asked from ${taken.at} on.`,
    ...taken.machines.map(({ name, files, unanswered }) =>
      unanswered === undefined
        ? `${name}: answered, ${files} topics`
        : `${name}: DID NOT ANSWER: ${unanswered.split("\n")[0] ?? ""}`,
    ),
  ];
}

function meaning(path: string): string {
  const says = known.find(([pattern]) => pattern.test(path))?.[1] ?? "";
  return typeof says === "string" ? says : says(path);
}
