import { expect } from "chai";
import { ClusterBroken } from "../../harness/errors.ts";
import { dockerInfo } from "../../harness/facts/docker.ts";
import { parsed } from "./parsers.ts";

describe("docker", () => {
  it("answers", () => {
    expect(
      parsed(
        dockerInfo,
        '{"ID":"X","ServerVersion":"1.13.1","Driver":"overlay2","CgroupDriver":"systemd"}\n',
      ),
    ).to.include({ ServerVersion: "1.13.1" });
  });

  it("does not answer, whether its client says so in JSON or not", () => {
    const stderr =
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
    expect(() => parsed(dockerInfo, { stderr, code: 1 })).to.throw(
      ClusterBroken,
      "worker1 docker: expected the daemon to answer, saw Cannot connect",
    );
    expect(() =>
      parsed(dockerInfo, { stdout: '{"ServerErrors":["Cannot connect"]}\n', stderr, code: 1 }),
    ).to.throw(ClusterBroken);
  });
});
