/** Everything a spec may use, beside chai; and the door by which the harness has a lab judged. */
export { budget } from "../budgets.ts";
export { judge } from "./judge.ts";
export type { JudgeOptions } from "./judge.ts";
export type { Judgement, MachineResult, SpecResult } from "./result.ts";
export { eventually } from "./eventually.ts";
export { lab } from "./running.ts";
export { about, claim, Hopeless } from "./subject.ts";
