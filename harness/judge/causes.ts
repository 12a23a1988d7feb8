import type { Cause } from "../report/results/cause.ts";
import type { Setting } from "../report/results/spec.ts";
import { partsOf, type Chain, type Link } from "./chain.ts";
import type { Judged } from "./verdict.ts";

/**
 * Tells causes from symptoms, whatever the order in which the specs ran: a failed spec that rests on a broken link is
 * not judged because of it, and every `because` names the link that no other explains. Changes the specs' results.
 * @param chain with every link that was found broken
 */
export function settle(judged: readonly Judged[], chain: Chain): void {
  const failed = judged.filter(({ spec }) => spec.status === "failed");
  const shown = new Map(failed.toReversed().map((one) => [one.spec.link, one]));
  for (const { spec } of judged) {
    const at = (spec.because?.link ?? spec.link) as Link | undefined;
    if (at === undefined || (spec.status !== "failed" && spec.because === undefined)) continue;
    const ground = chain.brokenGround(at) ?? (spec.because === undefined ? undefined : at);
    if (ground === undefined) continue;
    const first = shown.get(ground);
    spec.status = "not judged";
    spec.because = {
      link: ground,
      ...(first === undefined ? {} : { spec: first.spec.title }),
      sentence: first?.sentence ?? chain.whyBroken(ground),
    };
  }
}

/** The broken links that no other broken link explains, the one with most symptoms first. */
export function causesOf(judged: readonly Judged[]): Cause[] {
  const byLink = new Map<string, Judged[]>();
  for (const one of judged) {
    if (one.spec.status !== "failed") continue;
    const link = one.spec.link ?? one.spec.title.join(" › ");
    byLink.set(link, [...(byLink.get(link) ?? []), one]);
  }
  const causes: Cause[] = [];
  for (const [link, specs] of byLink) {
    const [first] = specs;
    if (first === undefined) continue;
    const symptoms = judged.filter(({ spec }) => spec.because?.link === link).length;
    const same = causes.find((cause) => isSame(cause, link, first));
    if (same === undefined) causes.push(causeFrom(link, first, specs, symptoms));
    else {
      same.machines.push(partsOf(link).machine);
      same.specs.push(...specs.map(({ spec }) => spec.title));
      same.symptoms += symptoms;
    }
  }
  for (const cause of causes) cause.sentence = sentenceFor(cause);
  return causes.sort((one, other) => other.symptoms - one.symptoms);
}

const isSame = (cause: Cause, link: string, { explanation }: Judged): boolean => {
  const setting = explanation?.settings[0];
  return (
    partsOf(cause.link).watched === partsOf(link).watched &&
    cause.setting?.file === setting?.file &&
    cause.setting?.line === setting?.line
  );
};

function causeFrom(link: string, first: Judged, specs: readonly Judged[], symptoms: number): Cause {
  const { spec, explanation, sentence, since } = first;
  const [setting, ...others] = explanation?.settings ?? [];
  const machine = spec.machine ?? partsOf(link).machine;
  return {
    link,
    machines: [machine],
    sentence: "",
    message: sentence ?? spec.error?.message ?? spec.title.join(" › "),
    ...sinceOf(explanation?.since, since),
    ...(explanation?.log === undefined ? {} : { log: explanation.log }),
    ...(setting === undefined ? {} : { setting }),
    others,
    ...(spec.error?.hint === undefined ? {} : { look: spec.error.hint }),
    specs: specs.map(({ spec: { title } }) => title),
    symptoms,
  };
}

/** When the daemon ended, as its machine says; else when it was first looked at in vain. */
function sinceOf(ended: string | undefined, seen: number | undefined): { since?: string } {
  const [, date, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/.exec(ended ?? "") ?? [];
  if (date !== undefined && time !== undefined) return { since: `${date}T${time}.000Z` };
  return seen === undefined ? {} : { since: new Date(seen).toISOString() };
}

const placeOf = ({ file, line, name, value }: Setting): string =>
  `set by ${file}:${line} ${value === undefined || value.includes(name) ? "" : `${name}: `}${value ?? name}`;

function sentenceFor({ message, since, log, setting, machines }: Cause): string {
  const [first, ...rest] = machines;
  return [
    message + (since === undefined ? "" : `, since ${since.slice(11, 19)}`),
    ...(rest.length === 0 ? [] : [`the same on ${rest.join(", ")}`]),
    ...(log === undefined
      ? []
      : [`${log.machine === first ? "" : `${log.machine} `}${log.unit} says "${log.line}"`]),
    ...(setting === undefined ? [] : [placeOf(setting)]),
  ].join("; ");
}
