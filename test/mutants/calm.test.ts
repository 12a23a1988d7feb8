import { expect } from "chai";
import { execa } from "execa";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "../../harness/paths.ts";

/** All that `calm.sh` asks of systemd here: journald gets its signal, and no unit is there to be stopped. */
const systemctl = `#!/bin/sh
case "$*" in
"kill --kill-who=main --signal=SIGUSR2 systemd-journald.service") exec kill -USR2 "$(cat /run/journald.pid)" ;;
*) exit 1 ;;
esac
`;

/** As systemd 219 has it: no --rotate, and --vacuum-time takes archived files alone (rhel-7.9 src/journal/journalctl.c). */
const journalctl = `#!/bin/sh
case "$*" in *--rotate*) echo "journalctl: unrecognized option '--rotate'" >&2; exit 1 ;; esac
exec /usr/bin/journalctl "$@"
`;

/** A journald of its own, in a mount namespace with nothing else of the host's to change. */
const script = `set -eu
for folder in /run /var/log /var/lib; do mount -t tmpfs tmpfs "$folder"; done
echo 0123456789abcdef0123456789abcdef >"$BIN/machine-id"
mount --bind "$BIN/machine-id" /etc/machine-id
mkdir -p /run/systemd/journal /run/log/journal
/lib/systemd/systemd-journald >/dev/null 2>&1 &
echo $! >/run/journald.pid
until [ -S /run/systemd/journal/stdout ]; do sleep 0.1; done
words() { /usr/bin/journalctl -o cat -t daemon --no-pager -q; }
echo "of the first start" | systemd-cat -t daemon
until words | grep -q first; do sleep 0.1; done
PATH=$BIN:$PATH sh "$CALM" >/dev/null 2>&1
echo "of the second start" | systemd-cat -t daemon
until words | grep -q second; do sleep 0.1; done
words`;

describe("a machine made calm", () => {
  it("has no words of an earlier start in its journal, with a journalctl that cannot rotate", async () => {
    const bin = await mkdtemp(join(tmpdir(), "hardway-calm-"));
    for (const [name, text] of Object.entries({ systemctl, journalctl })) {
      await writeFile(join(bin, name), text);
      await chmod(join(bin, name), 0o755);
    }
    const alone = [
      "--mount",
      "--net",
      "--pid",
      "--fork",
      "--kill-child",
      "--mount-proc",
      "--propagation=private",
    ];
    const env = { BIN: bin, CALM: join(project, "harness", "mutants", "calm.sh") };
    const { stdout } = await execa("unshare", [...alone, "sh", "-c", script], { env, timeout: 15_000 });
    expect(stdout).to.equal("of the second start");
    await rm(bin, { recursive: true });
  });
});
