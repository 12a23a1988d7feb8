import { type ControlKind, type ControlOutcome, refusal } from "./outcome.ts";

const kinds: ControlKind[] = ["unsigned", "foreign", "tampered", "damaged"];

/** What offer.sh wrote, as outcomes in its own order; undefined where it did not get to its end. */
export function readOffers(stdout: string, mark: string): ControlOutcome[] | undefined {
  const sections = stdout.split(new RegExp(`^${mark} `, "m")).slice(1);
  let known: string[] | undefined;
  const outcomes: ControlOutcome[] = [];
  for (const section of sections) {
    const end = section.indexOf("\n");
    const [kind = "", name = "", code = ""] = section.slice(0, end).split(" ");
    const text = section.slice(end + 1);
    if (kind === "has") {
      const has = text.split("\n").filter((line) => line !== "");
      const last = outcomes.at(-1);
      if (last !== undefined && known !== undefined) settle(last, has, known);
      known = has;
    } else if (isKind(kind)) {
      const output = text.trimEnd();
      const said = { kind, package: name, code: Number(code), output, reason: refusal(Number(code), output) };
      outcomes.push({ ...said, installed: false, imported: [] });
    }
  }
  const complete = outcomes.map(({ kind }) => kind).join() === kinds.join();
  return complete ? outcomes : undefined;
}

/** What changed on the machine since it was last looked at is the last offer's doing. */
function settle(outcome: ControlOutcome, has: string[], known: string[]) {
  const fresh = has.filter((line) => !known.includes(line));
  outcome.installed = fresh.some((line) => line.startsWith(`${outcome.package}-`));
  outcome.imported = fresh.filter((line) => line.startsWith("gpg-pubkey-"));
}

const isKind = (text: string): text is ControlKind => kinds.includes(text as ControlKind);
