import { blame, type Blame } from "../cause/blame.ts";
import type { Candidate, Known, Testimony } from "../cause/evidence.ts";
import { partsOf, type Graph, type Node } from "../cause/graph.ts";
import type { NamesOfAddress } from "../cause/seen.ts";
import type { Standing } from "../cause/alibi.ts";
import type { Setting } from "../settings/setting.ts";
import type { Cause, CauseCandidate } from "../report/results/cause.ts";
import { settingSchema } from "../report/results/spec.ts";
import { sentenceFor } from "../report/results/wording.ts";
import type { Judged } from "./verdict.ts";
import { partsOfSentence } from "./wording.ts";

/**
 * Tells causes from symptoms, whatever the order in which the specs ran: a failed spec that depends on a broken node
 * is not judged because of it, and every `because` names the node that no other explains. Changes the specs' results.
 * @param graph with every node that was found broken
 */
export function settle(judged: readonly Judged[], graph: Graph): void {
  const failed = judged.filter(({ spec }) => spec.status === "failed");
  const shown = new Map(failed.toReversed().map((one) => [one.spec.link, one]));
  for (const { spec } of judged) {
    const at = (spec.because?.link ?? spec.link) as Node | undefined;
    if (at === undefined || (spec.status !== "failed" && spec.because === undefined)) continue;
    const broken = graph.brokenDependency(at) ?? (spec.because === undefined ? undefined : at);
    if (broken === undefined) continue;
    const first = shown.get(broken);
    spec.status = "not judged";
    spec.because = {
      link: broken,
      ...(first === undefined ? {} : { spec: first.spec.title }),
      sentence: first?.sentence ?? graph.whyBroken(broken),
    };
  }
}

/** What only the lab knows of addresses. */
export interface Lookups {
  namesOf: NamesOfAddress;
  /** The node that serves the URL a setting has; none where it is no URL, or nobody's. */
  serverOf: (setting: Setting) => Node[];
}

/**
 * Where a stand-in had to refuse what it was told, nothing that failed speaks of the cluster: it is not judged, because
 * of that. Changes the specs' results.
 */
export function setAside(judged: readonly Judged[], refusals: readonly string[]): void {
  const [first] = refusals;
  if (first === undefined) return;
  for (const { spec } of judged) {
    if (spec.status === "passed") continue;
    spec.status = "not judged";
    spec.because = { link: spec.because?.link ?? spec.link ?? spec.title.join(" › "), sentence: first };
  }
}

/**
 * The broken nodes that no other broken node explains, the one with most symptoms first, each with the settings that
 * can be behind it. What is broken by the same line is one cause.
 */
export function causesOf(
  judged: readonly Judged[],
  graph: Graph,
  known: Known,
  { namesOf, serverOf }: Lookups,
): Cause[] {
  const byNode = new Map<string, Judged[]>();
  for (const one of judged) {
    if (one.spec.status !== "failed") continue;
    const node = one.spec.link ?? one.spec.title.join(" › ");
    byNode.set(node, [...(byNode.get(node) ?? []), one]);
  }
  const works = workingNodes(judged, graph);
  const standing: Standing = {
    graph,
    works,
    daemons: known.daemons,
    settings: known.settings,
    isServed: (setting) => serverOf(setting).some((node) => works.has(node)),
  };
  const causes: Cause[] = [];
  for (const [node, specs] of byNode) {
    const [first] = specs;
    if (first === undefined) continue;
    const symptoms = judged.filter(({ spec }) => spec.because?.link === node).length;
    const cause = causeFrom(
      node,
      first,
      specs,
      symptoms,
      blame(testimonyOf(node, specs, namesOf), known, standing),
    );
    const same = causes.find((one) => isSame(one, cause));
    if (same === undefined) causes.push(cause);
    else merge(same, cause);
  }
  for (const cause of causes) cause.sentence = sentenceFor(cause);
  nameInSpecs(judged, causes);
  return causes.sort((one, other) => other.symptoms - one.symptoms);
}

/** The nodes about which a spec passed, and none failed. */
function workingNodes(judged: readonly Judged[], graph: Graph): Set<Node> {
  const passed = judged.flatMap(({ spec: { status, link } }) =>
    status === "passed" && link !== undefined ? [link as Node] : [],
  );
  return new Set(passed.filter((node) => !graph.isBroken(node)));
}

/** Everything that the failed specs about one node say. */
function testimonyOf(node: string, specs: readonly Judged[], namesOf: NamesOfAddress): Testimony {
  return {
    node,
    looks: specs.map(({ sentence = "" }) => ({
      label: sentence.split(": expected")[0] ?? "",
      ...partsOfSentence(sentence),
    })),
    units: specs.flatMap(({ explanation }) => explanation?.units ?? []),
    namesOf,
  };
}

/** The same component is broken on several machines, or several components are, by the same line. */
function isSame(one: Cause, other: Cause): boolean {
  if (one.sureness === "set by" || other.sureness === "set by") {
    return one.sureness === other.sureness && placeOf(one.candidates[0]) === placeOf(other.candidates[0]);
  }
  return (
    partsOf(one.link).component === partsOf(other.link).component &&
    one.candidates.map(placeOf).join() === other.candidates.map(placeOf).join()
  );
}

const placeOf = (candidate: CauseCandidate | undefined): string =>
  candidate === undefined ? "" : `${candidate.file}:${candidate.line ?? candidate.name}`;

function merge(into: Cause, { machines, link, specs, symptoms }: Cause): void {
  if (partsOf(into.link).component === partsOf(link).component) {
    into.machines.push(...machines.filter((machine) => !into.machines.includes(machine)));
  } else into.also.push(link);
  into.specs.push(...specs);
  into.symptoms += symptoms;
}

function causeFrom(
  node: string,
  first: Judged,
  specs: readonly Judged[],
  symptoms: number,
  { sureness, candidates, files }: Blame,
): Cause {
  const { spec, explanation, sentence, since } = first;
  const machine = spec.machine ?? partsOf(node).machine;
  const log = wordsOf(first, candidates);
  return {
    link: node,
    machines: [machine],
    also: [],
    sentence: "",
    message: sentence ?? spec.error?.message ?? spec.title.join(" › "),
    ...sinceOf(explanation?.since, since),
    ...(log === undefined ? {} : { log }),
    sureness,
    candidates: candidates.map(candidateFrom),
    files,
    ...(spec.error?.hint === undefined ? {} : { look: spec.error.hint }),
    specs: specs.map(({ spec: { title } }) => title),
    symptoms,
  };
}

/** The one line of the daemons' logs that says why: the last that names a candidate, else the last that tells. */
function wordsOf({ explanation }: Judged, candidates: readonly Candidate[]): Cause["log"] {
  const told = (explanation?.units ?? []).flatMap(({ machine, unit, log }) =>
    log.map((line) => ({ machine, unit, line: line.slice(0, 300), whole: line })),
  );
  const naming = told.filter(({ whole }) =>
    candidates.some(({ evidence }) =>
      evidence.some(({ kind, text }) => kind === "words" && text.includes(`"${whole}"`)),
    ),
  );
  const loud = explanation?.units.find(({ log }) => log.length > 0);
  const last =
    naming.at(-1) ?? told.findLast(({ machine, unit }) => machine === loud?.machine && unit === loud.unit);
  return last && { machine: last.machine, unit: last.unit, line: last.line };
}

function candidateFrom({ name, file, line, text, settings, evidence }: Candidate): CauseCandidate {
  const [first] = settings;
  return {
    file,
    ...(line === undefined ? {} : { line }),
    name,
    value: text,
    ...(first === undefined ? {} : { machine: first.machine }),
    ...(first?.path === undefined ? {} : { path: first.path }),
    evidence: evidence.map((one) => one.text),
  };
}

/** A failed spec says itself which settings its cause names. */
function nameInSpecs(judged: readonly Judged[], causes: readonly Cause[]): void {
  for (const { spec } of judged) {
    const cause = causes.find(({ specs }) => specs.includes(spec.title));
    if (spec.error !== undefined && cause !== undefined) {
      spec.error.settings = cause.candidates.map((candidate) => settingSchema.parse(candidate));
    }
  }
}

/** When the daemon ended, as its machine says; else when it was first looked at in vain. */
function sinceOf(ended: string | undefined, seen: number | undefined): { since?: string } {
  const [, date, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/.exec(ended ?? "") ?? [];
  if (date !== undefined && time !== undefined) return { since: `${date}T${time}.000Z` };
  return seen === undefined ? {} : { since: new Date(seen).toISOString() };
}
