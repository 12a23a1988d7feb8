import { expect } from "chai";
import { journal, telling } from "../../harness/facts/journal.ts";
import { unitFiles } from "../../harness/facts/unit-files.ts";
import { unitProcess } from "../../harness/facts/unit-process.ts";
import { unit } from "../../harness/facts/unit.ts";
import { parsed } from "../facts/parsers.ts";
import { voices } from "./voices.ts";

const spoken = (fact: string, stdout: string): string =>
  voices[fact]?.tell({ code: 0, stdout, stderr: "" }).stdout ?? "";

/** A kubelet that was refused, as systemd 252 of the embedded lab's machines tells of it. */
const state = `88.23
Result=exit-code
ExecMainStartTimestampMonotonic=53180995
ExecMainExitTimestamp=Wed 2026-11-25 04:48:13 UTC
ExecMainStatus=1
Id=kubelet.service
LoadState=loaded
ActiveState=activating
SubState=auto-restart
UnitFileState=enabled
`;
const missing = `88.23
Result=success
ExecMainStartTimestampMonotonic=0
ExecMainExitTimestamp=
ExecMainStatus=0
Id=firewalld.service
LoadState=not-found
ActiveState=inactive
SubState=dead
UnitFileState=
`;
const files = `ExecStart={ path=/usr/bin/kubelet ; argv[]=/usr/bin/kubelet $KUBELET_ARGS ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
EnvironmentFiles=/etc/kubernetes/config (ignore_errors=yes)
EnvironmentFiles=/etc/kubernetes/kubelet (ignore_errors=yes)
FragmentPath=/usr/lib/systemd/system/kubelet.service
DropInPaths=
NeedDaemonReload=no
=== /usr/lib/systemd/system/kubelet.service
[Service]
ExecStart=/usr/bin/kubelet $KUBELET_ARGS

`;
const process = `MainPID=451
ExecMainPID=451
=== args
/usr/bin/kubelet
--v=0
=== environment
KUBELET_ARGS=--v=0
`;

describe("systemd 219's account of a unit", () => {
  it("is read as 252's is, with what is empty left out and its own names", () => {
    expect(parsed(unit, spoken("unit", state), "kubelet")).to.deep.equal(parsed(unit, state, "kubelet"));
    const told = spoken("unit", missing);
    expect(told).not.to.match(/=\n/);
    expect(parsed(unit, told, "firewalld")).to.deep.equal(parsed(unit, missing, "firewalld"));
    expect(spoken("unit files", files)).to.include(
      "\nEnvironmentFile=/etc/kubernetes/kubelet (ignore_errors=yes)\n",
    );
    expect(parsed(unitFiles, spoken("unit files", files), "kubelet")).to.deep.equal(
      parsed(unitFiles, files, "kubelet"),
    );
    expect(parsed(unitProcess, spoken("process", process), "kubelet")).to.deep.equal(
      parsed(unitProcess, process, "kubelet"),
    );
  });

  it("has the daemon's words quoted, not its own", () => {
    const heard = [
      "Starting kubelet.service - Kubernetes Kubelet Server...",
      "Started kubelet.service - Kubernetes Kubelet Server.",
      "unknown flag: --nope",
      "kubelet.service: Main process exited, code=exited, status=1/FAILURE",
      "kubelet.service: Failed with result 'exit-code'.",
      "kubelet.service: Scheduled restart job, restart counter is at 5.",
      "kubelet.service: Start request repeated too quickly.",
      "Failed to start kubelet.service - Kubernetes Kubelet Server.",
    ];
    const told = parsed(journal, spoken("journal", `${heard.join("\n")}\n`), "kubelet");
    expect(told).to.deep.equal([
      "Starting Kubernetes Kubelet Server...",
      "Started Kubernetes Kubelet Server.",
      "unknown flag: --nope",
      "kubelet.service: main process exited, code=exited, status=1/FAILURE",
      "Unit kubelet.service entered failed state.",
      "kubelet.service failed.",
      "kubelet.service holdoff time over, scheduling restart.",
      "start request repeated too quickly for kubelet.service",
      "Failed to start Kubernetes Kubelet Server.",
    ]);
    expect(telling(told, 3)).to.deep.equal(["unknown flag: --nope"]);
  });
});
