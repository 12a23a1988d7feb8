import type { Part } from "../lab/hooks.ts";
import type { System } from "../facts/system.ts";

type SpecStatus = "passed" | "failed" | "not judged";

/** A fact that a spec's answer rests on. */
export interface Evidence {
  fact: string;
  machine: string;
  /** ISO 8601 */
  at: string;
}

/** What became of one spec. */
export interface SpecResult {
  /** Relative to the project. */
  file: string;
  /** The titles from the outermost `describe` to the spec's own. */
  title: string[];
  /** The machine it concerns, where it is one. */
  machine?: string;
  status: SpecStatus;
  /** How often a condition was looked at; 1 where nothing was waited for. */
  looks: number;
  /** Milliseconds. */
  elapsed: number;
  /** What was seen the last time it did not hold: told of a spec that passed after several looks, too. */
  lastSeen?: string;
  evidence: Evidence[];
  error?: { message: string; details: string[]; hint?: string };
}

export interface MachineResult {
  name: string;
  system?: System;
  /** What is not stock on it. */
  parts: Part[];
}

/** What the specs say of a lab. */
export interface Judgement {
  specs: SpecResult[];
  /** One failed spec makes it broken; else one that was not judged, or no spec at all, makes it not judged. */
  verdict: "works" | "broken" | "not judged";
  works: boolean;
  /** Why it was not judged, where no spec says so. */
  reason?: string;
  machines: MachineResult[];
}

/** The verdict on all specs; "could not judge" is neither pass nor fail. */
export function verdictOn(specs: readonly SpecResult[]): Judgement["verdict"] {
  if (specs.some(({ status }) => status === "failed")) return "broken";
  return specs.length > 0 && specs.every(({ status }) => status === "passed") ? "works" : "not judged";
}
