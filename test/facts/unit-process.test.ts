import { expect } from "chai";
import { NotJudged } from "../../harness/errors.ts";
import { unitProcess } from "../../harness/facts/unit-process.ts";
import { parsed } from "./parsers.ts";

describe("a unit's process", () => {
  it("has its arguments and environment as it was started, blanks, empty ones and line ends among them", () => {
    const text = `MainPID=812
ExecMainPID=812
=== args
/usr/bin/kubelet
--address=0.0.0.0
--note=two words

a\u001eb
=== environment
LANG=en_US.UTF-8
KUBELET_ARGS=--a=b --c=d
EMPTY=
`;
    expect(parsed(unitProcess, text, "kubelet")).to.deep.equal({
      running: true,
      args: ["/usr/bin/kubelet", "--address=0.0.0.0", "--note=two words", "", "a\nb"],
      environment: { LANG: "en_US.UTF-8", KUBELET_ARGS: "--a=b --c=d", EMPTY: "" },
    });
  });

  const journal = `_PID=700
_CMDLINE=/usr/bin/kube-apiserver --old

_CMDLINE=/usr/bin/kube-apiserver --port=8081 --etcd-servers=http://127.0.0.1:2379
_PID=812

_PID=815
_CMDLINE=/bin/sh -c something else
`;

  it("is known from the journal where it ended: the main process's, whatever else the unit ran", () => {
    const text = `MainPID=0\nExecMainPID=812\n=== journal\n${journal}`;
    expect(parsed(unitProcess, text, "kube-apiserver")).to.deep.equal({
      running: false,
      args: ["/usr/bin/kube-apiserver", "--port=8081", "--etcd-servers=http://127.0.0.1:2379"],
      environment: {},
    });
  });

  it("is another of the unit's where the main one ended too soon for the journal", () => {
    const text = `MainPID=0\nExecMainPID=900\n=== journal\n${journal}`;
    expect(parsed(unitProcess, text, "kube-apiserver")?.args[0]).to.equal("/bin/sh");
  });

  it("is none where it never ran", () => {
    expect(parsed(unitProcess, "MainPID=0\nExecMainPID=0\n=== journal\n", "docker")).to.equal(undefined);
  });

  it("is not judged without systemd", () => {
    expect(() => parsed(unitProcess, { stdout: "", code: 1 }, "docker")).to.throw(NotJudged);
  });
});
