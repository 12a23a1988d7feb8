import { expect } from "chai";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect } from "../../harness/collect/collect.ts";
import { denialsIn } from "../../harness/collect/denials.ts";
import { Room } from "./room.ts";

/** As auditd of CentOS 7 writes it (kubernetes/kubeadm#107). */
const denial = (serial: number): string =>
  `type=AVC msg=audit(1484146410.625:${serial}): avc:  denied  { entrypoint } for  pid=2831 comm="exe" path="/usr/local/bin/etcd" dev="dm-8" ino=8388868 scontext=system_u:system_r:spc_t:s0:c590,c748 tcontext=system_u:object_r:svirt_sandbox_file_t:s0:c590,c748 tclass=file`;

/** A machine with an audit log; `ausearch` reads standard input unless it is told not to, as the real one does. */
const withAudit = (ausearch: boolean): string => `set -eu
mkdir -p /var/log/audit
mount -t tmpfs tmpfs /var/log/audit
mount -t tmpfs tmpfs /usr/local/bin
printf '%s\\n' 'type=SYSCALL msg=audit(1484146410.625:156): arch=c000003e' '${denial(156)}' '${denial(168)}' >/var/log/audit/audit.log
${
  ausearch
    ? `cat >/usr/local/bin/ausearch <<'END'
#!/bin/sh
case " $* " in *" --input-logs "*) exec cat /var/log/audit/audit.log ;; esac
exec cat
END
chmod +x /usr/local/bin/ausearch`
    : ""
}
`;

describe("what SELinux denied", () => {
  const said = "exe entrypoint file /usr/local/bin/etcd";
  const collected = async (furnish: string) => {
    const folder = await mkdtemp(join(tmpdir(), "hardway-denials-"));
    try {
      await using room = await Room.open();
      expect((await room.run(furnish)).stderr).to.equal("");
      const { denied } = await collect([room], folder);
      return { denied, text: await readFile(join(folder, "machines", "master", "audit.txt"), "utf8") };
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  for (const ausearch of [true, false]) {
    it(`is collected ${ausearch ? "by ausearch" : "from the log where there is no ausearch"}, and told once`, async () => {
      const { denied, text } = await collected(withAudit(ausearch));
      expect(text).to.include(denial(168));
      expect(denied).to.deep.equal([`master: ${said} (2 times)`]);
    });
  }

  it("is nothing where there is no audit", async () => {
    expect(await collected("true")).to.deep.equal({ denied: [], text: "" });
  });

  it("is read from the kernel's words, too", () => {
    const kernel =
      'type=1400 audit(1606.1:4): avc:  denied  { name_connect } for  pid=9 comm="flanneld" dest=2379 scontext=a tcontext=b tclass=tcp_socket permissive=0';
    expect(denialsIn(kernel)).to.deep.equal(["flanneld name_connect tcp_socket 2379"]);
    expect(denialsIn("avc: granted { read } for pid=1")).to.deep.equal([]);
  });
});
