import { expect } from "chai";
import { execa } from "execa";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withDaemons } from "../../harness/begin/daemons.ts";
import { BadConfiguration } from "../../harness/errors.ts";
import { loadLab, type LoadedLab } from "../../harness/lab/load.ts";
import { choose } from "../../testbed/packages/choice.ts";
import { daemonsIn } from "../../testbed/packages/daemons.ts";
import { goVersionOf } from "../../testbed/packages/go-version.ts";

// Never aborted: mocha bounds the tests. A timer made here would run from when the file is loaded.
const { signal } = new AbortController();
const says = (answer: string) => `#!/bin/sh\necho ${answer}\n`;

describe("a folder of real daemons", () => {
  let folder: string;
  let lab: LoadedLab;

  beforeEach(async () => {
    lab = await loadLab("embedded");
    folder = await mkdtemp(join(tmpdir(), "hardway-daemons-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const put = (name: string, content: string | Buffer, mode = 0o755) =>
    writeFile(join(folder, name), content, { mode });
  const refusal = async (asked = folder): Promise<string> => {
    const error = await withDaemons(lab, asked, "stand-ins", signal).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(BadConfiguration);
    return (error as BadConfiguration).explain();
  };

  it("says each one's version and sum, and changes identity with the file", async () => {
    await put("kubelet", says("Kubernetes v1.5.2-47+g43a9be4"));
    await put("README", "");
    const daemons = await daemonsIn(folder, signal);
    expect([...daemons.keys()]).to.deep.equal(["kubelet"]);
    const part = await daemons.get("kubelet")?.put(join(folder, "packed"));
    expect(part).to.include({ kind: "real", version: "v1.5.2-47+g43a9be4" });
    expect(part?.origin).to.match(/^--daemons hardway-daemons-/);
    expect(part?.sha256).to.match(/^[0-9a-f]{64}$/);

    const before = daemons.get("kubelet")?.identity;
    await put("kubelet", says("Kubernetes v1.5.2"));
    expect((await daemonsIn(folder, signal)).get("kubelet")?.identity).to.not.equal(before);
  });

  it("says how one was built, where the program says it", async () => {
    await put("etcd", says("'etcd Version: 3.3.11\nGo Version: go1.19.8'"));
    await put("etcdctl", says("etcdctl version: 3.3.11"));
    const origin = async (name: string) =>
      (await (await daemonsIn(folder, signal)).get(name)?.put(join(folder, "packed")))?.origin;
    expect(await origin("etcd")).to.include("built from the 3.3.11 source with Go 1.19.8; --daemons");
    await put("etcd", says("'etcd Version: 3.3.11\nGo Version: go1.10.7'"));
    expect(await origin("etcd")).to.include("built with Go 1.10.7, as the release is");
  });

  it("takes a later build of the same version, and no other version", async () => {
    await put("kubelet", says("Kubernetes v1.5.2+coreos.0"));
    expect((await withDaemons(lab, folder, "stand-ins", signal)).lab.daemons).to.equal(folder);
    for (const other of ["v1.5.20", "v1.5.3", "v1.15.2", "v1.5"]) {
      await put("kubelet", says(`Kubernetes ${other}`));
      expect(await refusal()).to.include(
        `expected kubelet 1.5.2, saw ${join(folder, "kubelet")}, which answers`,
      );
    }
  });

  const otherProcessor = Buffer.alloc(64);
  otherProcessor.write("\x7fELF\x02\x01", "latin1");
  otherProcessor.writeUInt16LE(183, 18); // arm64
  const wrong: Record<string, { make: () => Promise<unknown>; saw: string }> = {
    "a text": {
      make: () => put("flanneld", "flanneld, to be had from the release page\n"),
      saw: "no program",
    },
    "a program for another processor": {
      make: () => put("flanneld", otherProcessor),
      saw: "another processor",
    },
    "a program that is cut off": {
      make: async () => {
        await cp(process.execPath, join(folder, "flanneld"));
        await execa("truncate", ["--size", "1M", join(folder, "flanneld")]);
      },
      saw: "cut off",
    },
    "another program": { make: () => cp(process.execPath, join(folder, "flanneld")), saw: "which answers" },
    "an empty file": { make: () => put("flanneld", ""), saw: "empty" },
    "a folder": { make: () => mkdir(join(folder, "flanneld")), saw: "a folder" },
    "a link to nothing": { make: () => symlink("nowhere", join(folder, "flanneld")), saw: "nothing there" },
    "a file that may not be executed": {
      make: async () => {
        await put("flanneld", says("v0.7.1"));
        await chmod(join(folder, "flanneld"), 0o644);
      },
      saw: "may not be executed",
    },
    "a program that fails": { make: () => put("flanneld", "#!/bin/sh\nexit 1\n"), saw: "which answers" },
    "a script without its interpreter": {
      make: () => put("flanneld", "#!/no/such/sh\n"),
      saw: "which answers",
    },
  };
  for (const [what, { make, saw }] of Object.entries(wrong)) {
    it(`is refused where one is ${what}`, async () => {
      await make();
      const said = await refusal();
      expect(said).to.include(join(folder, "flanneld")).and.to.include(saw);
    });
  }

  it("is refused where it is empty, missing, or has a part of docker only", async () => {
    expect(await refusal()).to.include("a folder without any of them");
    expect(await refusal(join(folder, "none"))).to.include("nothing there");
    expect(await refusal("upstraem")).to.include("did you mean `upstream`?");
    await put("dockerd", says("Docker version 1.13.1, build 092cba3"));
    expect(await refusal()).to.include("without docker, docker-containerd, docker-containerd-shim");
  });

  it("is nothing for a lab that has stock packages", async () => {
    const stock = await loadLab("centos7");
    const error = await withDaemons(stock, "upstream", "stand-ins", signal).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(BadConfiguration);
    expect((await withDaemons(stock, undefined, "stand-ins", signal)).lab.daemons).to.equal(undefined);
  });
});

describe("the Go that built a program", () => {
  it("is what the program's build information says, wherever it lies", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hardway-go-"));
    try {
      const info = Buffer.alloc(80);
      info.write("\xff Go buildinf:", "latin1");
      info[14] = 8;
      info[15] = 2;
      info.write("\x08go1.19.8", 32, "latin1");
      const build = join(folder, "program");
      // Across the end of what is read at once; and first, something that only looks like it.
      const decoy = Buffer.concat([Buffer.alloc(8), info.subarray(0, 32), Buffer.alloc(24)]);
      await writeFile(build, Buffer.concat([decoy, Buffer.alloc(4 * 2 ** 20 - decoy.length), info]));
      expect(await goVersionOf(build)).to.equal("1.19.8");
      await writeFile(build, says("nothing"));
      expect(await goVersionOf(build)).to.equal(undefined);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("daemons that nobody chose", () => {
  let folder: string;
  let server: Server;
  let answer: number | undefined;
  let sites: { kubernetes: string; flannel: string; etcd: string };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-choice-"));
    answer = 200;
    server = createServer((request, response) => {
      if (answer === undefined) return; // never
      response.writeHead(
        answer,
        request.url?.includes("kubernetes") === true ? { "content-length": 200e6 } : {},
      );
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    sites = { kubernetes: `${site}/kubernetes`, flannel: `${site}/flannel`, etcd: `${site}/etcd` };
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });
  const sum = (digit: string) => digit.repeat(64);
  const sums = { kubernetes: sum("1"), flannel: sum("2"), etcd: sum("3") };
  const chosen = (within = 5000) => choose({ cache: folder, sums, signal, sites, within });

  it("are the released ones where they can be reached, and it says how much is to be fetched", async () => {
    const { daemons, why } = await chosen();
    expect(daemons).to.equal("upstream");
    expect(why).to.match(/^as released; 200 MB or more to fetch from 127\.0\.0\.1:\d+, once$/);
  });

  it("are stand-ins where a site refuses, is silent or is not there, and it says so", async () => {
    answer = 503;
    expect(await chosen()).to.include({ daemons: "stand-ins" });
    expect((await chosen()).why).to.include("answers 503");
    answer = undefined;
    expect((await chosen(200)).why).to.match(/127\.0\.0\.1:\d+ does not answer/);
    server.closeAllConnections();
    server.close();
    expect((await chosen()).why).to.match(/127\.0\.0\.1:\d+ does not answer/);
  });

  it("are the released ones without a network where all are in the cache, and only where all are", async () => {
    answer = undefined;
    for (const one of [sums.kubernetes, sums.flannel]) {
      await mkdir(join(folder, "upstream", one), { recursive: true });
    }
    expect((await chosen(200)).daemons).to.equal("stand-ins");
    await mkdir(join(folder, "upstream", sums.etcd));
    expect(await chosen(200)).to.deep.equal({
      daemons: "upstream",
      why: "as released; they are in the cache",
    });
  });
});
