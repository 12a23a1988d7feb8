import type { Setting, SettingProblem } from "../settings/setting.ts";
import { alibiOf, type Standing } from "./alibi.ts";
import { candidatesFrom, hear, nameOf, note, unsetIn } from "./candidates.ts";
import type { Candidate, Evidence, EvidenceKind, Known, Testimony } from "./evidence.ts";
import type { Node } from "./graph.ts";
import { settingsInReach } from "./reach.ts";
import { missingInPlan } from "./plan.ts";
import { compareWithProcess } from "./process.ts";

/** How sure it is which setting is behind a broken component. */
export type Sureness = "set by" | "one of" | "files" | "none";

/** Which settings can be behind a broken component. */
export interface Blame {
  sureness: Sureness;
  /** The likeliest first: one for `set by`, at most five for `one of`, none else. */
  candidates: Candidate[];
  /** The files that the component reads, where nothing points at a line of them. */
  files: string[];
}

/** More lines than this without evidence are no answer. */
const most = 5;

/** Only tests leave evidence out. */
interface Leaving {
  without?: EvidenceKind;
}

/**
 * The settings behind a broken component, and how sure that is: one line is named as the cause only where direct
 * evidence points at it and at no other.
 * @param standing undefined before anything is judged: then nothing has an alibi
 */
export function blame(
  testimony: Testimony,
  known: Known,
  standing: Standing,
  { without }: Leaving = {},
): Blame {
  const node = testimony.node as Node;
  const { components, site } = standing.graph;
  const inReach = settingsInReach(node, { components, site, ...known });
  if (crashed(testimony)) return { sureness: "none", candidates: [], files: [] };
  const candidates = [
    ...candidatesFrom(withProblems(inReach, known)),
    ...missingInPlan(testimony, known),
    ...linesMissing(inReach, known.problems),
  ];
  hear(candidates, testimony, (setting) => standing.isServed(setting));
  compareWithStock(candidates, known.stock);
  const named = candidates.some(({ evidence }) => evidence.some(isDirect));
  // A default is seen in many places: it counts where nothing that is set was seen.
  candidates.push(
    ...unsetIn(testimony, inReach, known).filter(
      (one) => !named || one.evidence.some(({ kind }) => kind === "words"),
    ),
  );
  compareWithProcess(candidates, testimony, known.daemons);
  warn(candidates, known.problems);
  for (const candidate of candidates) {
    candidate.evidence = candidate.evidence.filter(({ kind }) => kind !== without);
  }
  return decide(candidates, (candidate) => alibiOf(candidate, node, standing));
}

/** A daemon that ended by a fault of its own is blamed on no setting: its stack names whatever it happens to name. */
const crashed = ({ units }: Testimony): boolean =>
  units.some(({ log }) =>
    log.some((line) => /^(panic: |fatal error: |unexpected fault address|goroutine \d+ \[)/.test(line)),
  );

/** A line that the check before the run speaks of can be behind it, wherever its setting is read. */
function withProblems(inReach: readonly Setting[], { problems, settings }: Known): Setting[] {
  const files = new Set(inReach.map(({ source }) => source.file));
  const further = problems.flatMap((problem) => {
    const concerns = files.has(problem.source.file) || problem.settings.some((one) => inReach.includes(one));
    return concerns ? [...problem.settings, ...settings.filter(({ source }) => isAt(source, problem))] : [];
  });
  return [...new Set([...inReach, ...further])];
}

/** What the check says of a line where nothing is set: that something should be. */
function linesMissing(inReach: readonly Setting[], problems: readonly SettingProblem[]): Candidate[] {
  const files = new Set(inReach.map(({ source }) => source.file));
  return problems
    .filter(({ settings, source }) => settings.length === 0 && files.has(source.file))
    .map(({ source, message }) => ({
      name: source.text.trim() || message,
      file: source.file,
      line: source.text.trim() === "" ? undefined : source.line,
      text: source.text.trim() || message,
      settings: [],
      evidence: [],
    }));
}

/** What a package's own file sets otherwise is the work of whoever wrote the template: it comes first of many. */
function compareWithStock(candidates: readonly Candidate[], stock: Known["stock"]): void {
  for (const candidate of candidates) {
    for (const { path = "", key, flag, value } of candidate.settings) {
      const own = stock.get(path)?.get(key);
      const whole = flag === undefined ? value : `${flag}=${value}`;
      if (own !== undefined && own !== whole)
        note(candidate, "default", false, `the package's own file has "${own}"`);
    }
  }
}

const isAt = (source: Setting["source"], problem: SettingProblem): boolean =>
  source.file === problem.source.file && source.line === problem.source.line;

/** What was said of a line before anything was touched. Where it was said of several ends, it is said of each. */
function warn(candidates: readonly Candidate[], problems: readonly SettingProblem[]): void {
  for (const problem of problems) {
    const ends = candidates.filter(
      ({ file, line, settings }) =>
        (file === problem.source.file && line === problem.source.line) ||
        settings.some((setting) => problem.settings.includes(setting)),
    );
    for (const end of ends) {
      const at = end.settings.findLast((setting) => problem.settings.includes(setting));
      if (at !== undefined) end.name = nameOf(at);
      note(end, "check", true, problem.message);
    }
  }
}

/** Evidence that one line has alone counts before evidence that it shares: of two ends that differ, words may name one. */
function decide(
  candidates: readonly Candidate[],
  alibi: (candidate: Candidate) => string | undefined,
): Blame {
  const direct = candidates.filter(({ evidence }) => evidence.some(isDirect));
  const standing = direct.filter((candidate) => alibi(candidate) === undefined);
  const accused = standing.length > 0 ? standing : direct;
  if (accused.length > 0) {
    const alone = accused.filter((one) =>
      one.evidence.some((item) => isDirect(item) && !isShared(item, accused)),
    );
    const named = alone.length > 0 ? alone : accused;
    const [only, ...more] = named.sort(likelier);
    if (only !== undefined && more.length === 0) return { sureness: "set by", candidates: [only], files: [] };
    if (named.length <= most) return { sureness: "one of", candidates: named, files: [] };
  }
  const left = candidates
    .filter(({ line }) => line !== undefined)
    .filter(({ settings }) => settings.some(({ state }) => state === "set"))
    .filter((candidate) => alibi(candidate) === undefined);
  if (left.length === 0) return { sureness: "none", candidates: [], files: filesOf(candidates) };
  const hinted = left.filter(({ evidence }) => evidence.length > 0);
  const few = left.length <= most ? left : hinted;
  if (few.length > 0 && few.length <= most)
    return { sureness: "one of", candidates: few.sort(likelier), files: [] };
  return { sureness: "files", candidates: [], files: filesOf(left) };
}

const isDirect = ({ strength }: Evidence): boolean => strength === "direct";

const isShared = ({ text }: Evidence, candidates: readonly Candidate[]): boolean =>
  candidates.filter(({ evidence }) => evidence.some((one) => one.text === text)).length > 1;

/** Orders candidates, and decides nothing: more evidence first, then what only this component reads. */
const likelier = (one: Candidate, other: Candidate): number => weight(other) - weight(one);

const weight = ({ evidence }: Candidate): number =>
  evidence.reduce((sum, { strength }) => sum + (strength === "direct" ? 10 : 1), 0);

const filesOf = (candidates: readonly Candidate[]): string[] => [
  ...new Set(candidates.map(({ file }) => file)),
];
