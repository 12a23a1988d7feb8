/** Everything a spec may use, beside chai; and the door by which the harness has a lab judged. */
export { budget } from "../budgets.ts";
export { fateOf, type Packet } from "../facts/filter.ts";
export { isProcess, type Listener } from "../facts/listeners.ts";
export type { Pod } from "../facts/kubernetes.ts";
export { contains, firstAddress, maskLength, networkAddress, overlaps } from "../lab/addresses.ts";
export { leaveMessage } from "./browser.ts";
export { offer, refusals } from "./controls.ts";
export type { ControlKind, ControlOutcome } from "../controls/outcome.ts";
export { eventually } from "./eventually.ts";
export { Guestbook, guestbookPods } from "./guestbook.ts";
export { judge } from "./judge.ts";
export type { SpecMachine, Worker } from "./machine.ts";
export { ports, type ExpectedPort } from "./ports.ts";
export { startProbe, type Probe } from "./probe.ts";
export type { Judgement, SpecResult } from "./result.ts";
export { packagesOf, sysctlsOf, unitsOf } from "./roles.ts";
export { lab } from "./running.ts";
export { about, claim, Hopeless, startedAgain } from "./subject.ts";
