import { dirname } from "node:path/posix";
import { LabNotBuilt } from "../errors.ts";
import type { Machine } from "../machines/machine.ts";
import { sh } from "../render/quote.ts";
import { tail } from "../machines/command.ts";
import { originalOf } from "./applied.ts";
import type { WantedFile } from "./plan.ts";

/**
 * Reads one file a line from standard input, in base64, so that neither its content (it may be secret) nor its size
 * shows in a command line. Each is whole and has its mode before it gets its name; under SELinux it gets the context
 * of its path, for what is moved keeps the one it was made with.
 */
const put = `# Puts files in their places.
set -eu
umask 077
fresh=
trap 'rm -f -- "$fresh"' EXIT
keep() { # path, where its original is kept
  if [ -e "$2" ] || [ -L "$2" ] || { [ ! -e "$1" ] && [ ! -L "$1" ]; }; then return; fi
  mkdir -p -- "\${2%/*}"
  cp -aT -- "$1" "$2"
}
put() { # path, its folder, mode, owner
  if [ ! -d "$2" ]; then (umask 022 && mkdir -p -- "$2"); fi
  fresh=$2/.hardway-provision.new
  IFS= read -r content
  printf %s "$content" | base64 -d >"$fresh"
  if [ "$4" != root:root ]; then chown -- "$4" "$fresh"; fi
  chmod -- "$3" "$fresh"
  mv -fT -- "$fresh" "$1"
  if command -v restorecon >/dev/null; then restorecon -- "$1"; fi
}
`;

/** systemd reads units and drop-ins again only when it is told to. */
export const isUnitFile = (path: string): boolean => path.startsWith("/etc/systemd/system/");

/**
 * Puts files on a machine in one round trip, in the place of what is there.
 * @param fresh the paths that were not ours before: what is there now is kept, to be given back one day
 * @throws LabNotBuilt when one cannot be put there: no daemon was put to the test by that
 */
export async function push(
  machine: Machine,
  files: WantedFile[],
  signal: AbortSignal,
  fresh: readonly string[] = [],
): Promise<void> {
  const kept = fresh.map((path) => ["keep", ...[path, originalOf(path)].map(sh)].join(" "));
  const calls = files.map(({ path, mode, owner }) =>
    ["put", ...[path, dirname(path), mode, owner].map(sh)].join(" "),
  );
  const script = [
    put,
    ...kept,
    ...calls,
    ...(files.some(({ path }) => isUnitFile(path)) ? ["systemctl daemon-reload"] : []),
    "",
  ].join("\n");
  const input = files.map(({ bytes }) => `${bytes.toString("base64")}\n`).join("");
  const ran = await machine.run(script, { input, signal });
  if (ran.code === 0) return;
  throw new LabNotBuilt({
    message: `${machine.name}: expected ${files.map((file) => file.path).join(", ")} to be put in place, saw exit code ${ran.code}`,
    details: tail(ran.stderr, 5),
    hint: "a file's owner must exist when its plan item is reached: packages make users",
  });
}
