import type { Output } from "./fact.ts";

/** One command's part of a composed script's output. */
interface Section extends Output {
  /** Milliseconds after the first command began. */
  begun: number;
  ms: number;
}

/**
 * One shell script that runs many commands after each other and marks each one's output, exit code and time, so
 * that one round trip answers many questions. Costs one fork per command, beside the command's own: an emulated
 * machine forks slowly. Standard error is kept apart in a variable; the clock is /proc/uptime, in centiseconds.
 * @param mark a text that no command can guess, so that no output can pass for a mark
 */
export function compose(commands: readonly string[], mark: string): string {
  const parts = commands.map((command, index) =>
    [
      `begin ${index}`,
      "e=$( {",
      command,
      "} 2>&1 1>&3 3>&- </dev/null )",
      // The exit code of an assignment is that of its command substitution.
      `end ${index} $?`,
    ].join("\n"),
  );
  return [
    "export LC_ALL=C TZ=UTC PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "exec 3>&1",
    `begin() { read -r t _ </proc/uptime; printf '\\n${mark} begin %s %s\\n' "$1" "$t"; }`,
    `end() { read -r t _ </proc/uptime; printf '\\n${mark} end %s %s %s\\n%s' "$1" "$t" "$2" "$e"; }`,
    ...parts,
    `printf '\\n${mark} done\\n'`,
    "",
  ].join("\n");
}

/**
 * Takes a composed script's output apart again, in the commands' order.
 * @returns undefined where the script did not get to its end
 */
export function split(stdout: string, mark: string): Section[] | undefined {
  const pieces = stdout.split(`\n${mark} `);
  if (!/^done\n?$/.test(pieces.at(-1) ?? "")) return undefined;
  const sections: Section[] = [];
  let first: number | undefined;
  let open = { stdout: "", uptime: 0 };
  for (const piece of pieces.slice(1, -1)) {
    const end = piece.indexOf("\n");
    const [kind, , uptime, code] = piece.slice(0, end).split(" ");
    const rest = piece.slice(end + 1);
    const now = Math.round(Number(uptime) * 1000);
    first ??= now;
    if (kind === "begin") open = { stdout: rest, uptime: now };
    else {
      const { stdout: out, uptime: begun } = open;
      sections.push({ stdout: out, stderr: rest, code: Number(code), begun: begun - first, ms: now - begun });
    }
  }
  return sections;
}
