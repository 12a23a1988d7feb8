import type { Command } from "./command.ts";

/** What the command line can do: a line per verb. */
export function overview(commands: Command[]): string {
  const width = Math.max(...commands.map(({ name, usage }) => `${name} ${usage}`.length));
  return [
    "hardway-e2e: with these templates, does the cluster work, and if not, which setting broke it?",
    "",
    "  npm run e2e                      from nothing to a verdict",
    "  npm run lab -- VERB [OPTIONS]    one step of it:",
    "",
    ...commands.map(({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(width)}  ${summary}`),
    "",
    "VERB --help tells a verb's options.",
    "Exit codes: 0 works, 1 the cluster is broken, 2 bad usage or configuration, 3 not judged, 4 a bug.",
  ].join("\n");
}

/** One verb's usage and options. */
export function help({ name, usage, summary, explain, options }: Command): string {
  const rows = Object.entries(options).map(([option, { type }]) => [
    `--${option}${type === "string" ? " VALUE" : ""}`,
    explain[option] ?? "",
  ]);
  const width = Math.max(0, ...rows.map(([left = ""]) => left.length));
  return [
    `npm run lab -- ${[name, usage].join(" ").trim()}`,
    `  ${summary}`,
    ...(rows.length > 0
      ? ["", ...rows.map(([left = "", right = ""]) => `  ${left.padEnd(width)}  ${right}`)]
      : []),
  ].join("\n");
}
