import { lines, linesIn, voice } from "./voice.ts";

/** docker 1.13's chains for the later ones: one for isolation, none for users' own rules. */
function older(rules: readonly string[]): string[] {
  return rules
    .filter((rule) => !/DOCKER-USER|DOCKER-ISOLATION-STAGE-2/.test(rule))
    .map((rule) => rule.replace("DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION"));
}

/** `iptables -S`, a rule a line. */
export const filterTable = voice<string[]>({
  origin: "docker 1.13.1's rules, built from its tag and run, as iptables of the old tables lists them",
  heard: (stdout) => older(linesIn(stdout)),
  read: linesIn,
  print: lines,
});
