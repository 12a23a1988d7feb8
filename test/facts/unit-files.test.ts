import { expect } from "chai";
import { NotJudged } from "../../harness/errors.ts";
import { unitFiles } from "../../harness/facts/unit-files.ts";
import { parsed } from "./parsers.ts";

const shown = (name: string) => `${name}=/run/containers/registries.conf (ignore_errors=yes)
${name}=/etc/sysconfig/docker (ignore_errors=no)
ExecStart={ path=/usr/bin/dockerd-current ; argv[]=/usr/bin/dockerd-current --default-runtime=docker-runc $OPTIONS ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
FragmentPath=/usr/lib/systemd/system/docker.service
DropInPaths=/usr/lib/systemd/system/docker.service.d/flannel.conf /etc/systemd/system/docker.service.d/forward-accept.conf
NeedDaemonReload=no
`;
const texts = `=== /usr/lib/systemd/system/docker.service
[Unit]
Description=Docker

=== /usr/lib/systemd/system/docker.service.d/flannel.conf
[Service]
EnvironmentFile=-/run/flannel/docker

=== /etc/systemd/system/docker.service.d/forward-accept.conf
[Service]

`;

describe("a unit's files", () => {
  for (const [systemd, name] of [
    ["219", "EnvironmentFile"],
    ["252", "EnvironmentFiles"],
  ] as const) {
    it(`are read as systemd ${systemd} tells them`, () => {
      expect(parsed(unitFiles, shown(name) + texts, "docker")).to.deep.equal({
        fragment: "/usr/lib/systemd/system/docker.service",
        dropIns: [
          "/usr/lib/systemd/system/docker.service.d/flannel.conf",
          "/etc/systemd/system/docker.service.d/forward-accept.conf",
        ],
        environmentFiles: [
          { path: "/run/containers/registries.conf", optional: true },
          { path: "/etc/sysconfig/docker", optional: false },
        ],
        execStart: "/usr/bin/dockerd-current --default-runtime=docker-runc $OPTIONS",
        outdated: false,
        texts: {
          "/usr/lib/systemd/system/docker.service": "[Unit]\nDescription=Docker\n",
          "/usr/lib/systemd/system/docker.service.d/flannel.conf":
            "[Service]\nEnvironmentFile=-/run/flannel/docker\n",
          "/etc/systemd/system/docker.service.d/forward-accept.conf": "[Service]\n",
        },
      });
    });
  }

  it("are none of a unit that is not there", () => {
    const text = "FragmentPath=\nDropInPaths=\nNeedDaemonReload=no\n";
    expect(parsed(unitFiles, text, "docker")).to.deep.include({
      fragment: undefined,
      dropIns: [],
      texts: {},
    });
  });

  it("are not judged without systemd", () => {
    expect(() => parsed(unitFiles, { stdout: "\n", code: 1 }, "docker")).to.throw(NotJudged);
  });
});
