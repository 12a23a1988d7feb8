import { expect } from "chai";
import { execa } from "execa";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LabNotBuilt } from "../../harness/errors.ts";
import type { Daemons } from "../../testbed/packages/daemons.ts";
import { upstreamDaemons, type UpstreamOptions } from "../../testbed/packages/upstream.ts";

const kubernetes = "/kubernetes/v1.5.2/kubernetes-server-linux-amd64.tar.gz";
const flannel = "/flannel/v0.7.1/flannel-v0.7.1-linux-amd64.tar.gz";
const etcd = "/etcd/v3.3.11/etcd-v3.3.11-linux-amd64.tar.gz";
const published = "8c4be20caa87530fdd17e539abe6f2d3cfccaef9156d262d4d9859ca8b6e3a38";
const programs = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
];

const sumOf = (content: Buffer | undefined) =>
  createHash("sha256")
    .update(content ?? "")
    .digest("hex");

describe("upstream's daemons", () => {
  let folder: string;
  let server: Server;
  let asked: string[];
  let archives: Map<string, Buffer>;
  /** How many bytes of each answer are sent before the connection is cut. */
  let cutAt: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-upstream-"));
    asked = [];
    cutAt = Infinity;
    archives = new Map([
      [kubernetes, await archive(folder, "kubernetes/server/bin", programs, "v1.5.2")],
      [flannel, await archive(folder, ".", ["flanneld"], "v0.7.1")],
      [etcd, await archive(folder, "etcd-v3.3.11-linux-amd64", ["etcd", "etcdctl"], "3.3.11")],
    ]);
    server = createServer((request, response) => {
      const content = archives.get(request.url ?? "");
      asked.push(request.url ?? "");
      if (content === undefined) return response.writeHead(404).end();
      response.writeHead(200, { "content-length": content.length });
      if (cutAt >= content.length) return response.end(content);
      return response.write(content.subarray(0, cutAt), () => response.destroy());
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const fetchAll = async (options: Partial<UpstreamOptions> = {}) => {
    const said: string[] = [];
    const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const daemons = await upstreamDaemons({
      cache: folder,
      sums: { kubernetes: sumOf(archives.get(kubernetes)) },
      say: (line) => said.push(line),
      signal: AbortSignal.timeout(20_000),
      sites: { kubernetes: `${site}/kubernetes`, flannel: `${site}/flannel`, etcd: `${site}/etcd` },
      ...options,
    });
    return { daemons, said, site };
  };
  const refused = async (options: Partial<UpstreamOptions> = {}) => {
    const error = await fetchAll(options).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(LabNotBuilt);
    return (error as LabNotBuilt).explain();
  };
  const kept = async () => (await readdir(join(folder, "upstream"))).sort();

  it("are every program of both projects, and say where they are from and what they are", async () => {
    const { daemons, site } = await fetchAll();
    expect([...daemons.keys()].sort()).to.deep.equal([...programs, "flanneld", "etcd", "etcdctl"].sort());
    const part = await daemons.get("kubelet")?.put(join(folder, "kubelet"));
    expect(part).to.deep.equal({
      name: "kubelet",
      kind: "real",
      version: "v1.5.2",
      origin: `released: ${site.replace("http://", "")}${kubernetes}`,
      sha256: sumOf(await readFile(join(folder, "kubelet"))),
    });
  });

  it("are fetched once", async () => {
    await fetchAll();
    await fetchAll();
    expect(asked).to.deep.equal([kubernetes, flannel, etcd]);
  });

  it("are refused where Kubernetes' archive is not the published one", async () => {
    const seen = sumOf(archives.get(kubernetes));
    expect(await refused({ sums: {} })).to.include(`expected SHA-256 ${published}, saw ${seen}`);
    expect(await kept()).to.deep.equal([]);
  });

  it("are refused where an archive breaks off, and nothing of it is kept", async () => {
    cutAt = 100;
    expect(await refused()).to.match(
      /expected http:\S+kubernetes-server\S+ to be sent whole, saw it break off/,
    );
    expect(await kept()).to.deep.equal([]);
  });

  it("are refused where the site does not have an archive", async () => {
    archives.delete(flannel);
    expect(await refused()).to.match(/expected http:\S+flannel-v0.7.1\S+ to be sent, saw 404 Not Found/);
  });

  it("have flannel's unpublished sum pinned on first use, with a warning", async () => {
    const pinned = sumOf(archives.get(flannel));
    const { said } = await fetchAll();
    expect(said.filter((line) => line.startsWith("warning"))).to.deep.equal([
      `warning: no published sum of flannel-v0.7.1-linux-amd64.tar.gz is known here; from now on it must have SHA-256 ${pinned}`,
      `warning: no published sum of etcd-v3.3.11-linux-amd64.tar.gz is known here; from now on it must have SHA-256 ${sumOf(archives.get(etcd))}`,
    ]);

    await rm(join(folder, "upstream", pinned), { recursive: true });
    const again = await fetchAll();
    expect(again.said.filter((line) => line.startsWith("warning"))).to.deep.equal([]);
  });

  it("are refused where flannel's archive is no longer the pinned one, until the lab file says otherwise", async () => {
    await fetchAll();
    const pinned = sumOf(archives.get(flannel));
    await rm(join(folder, "upstream", pinned), { recursive: true });
    archives.set(flannel, await archive(folder, ".", ["flanneld"], "v0.7.2"));
    const changed = sumOf(archives.get(flannel));

    const refusal = await refused();
    expect(refusal).to.include(`expected SHA-256 ${pinned}, saw ${changed}`);
    expect(refusal).to.include(`daemonSums: { flannel: ${changed} }`);
    expect(await kept()).to.not.include(changed);

    const sums = { kubernetes: sumOf(archives.get(kubernetes)), flannel: changed };
    const { daemons } = await fetchAll({ sums });
    expect(await versionOf(daemons, "flanneld", folder)).to.equal("v0.7.2");
  });

  it("are not taken from an archive that lacks one of them", async () => {
    archives.set(kubernetes, await archive(folder, "kubernetes/server/bin", programs.slice(1), "v1.5.2"));
    expect(await refused()).to.match(/kube-apiserver: Not found in archive/);
    expect(await kept()).to.deep.equal([]);
  });
});

const versionOf = async (daemons: Daemons, name: string, folder: string) =>
  (await daemons.get(name)?.put(join(folder, name)))?.version;

/** A release archive of programs that say their version. */
async function archive(folder: string, inside: string, names: string[], version: string): Promise<Buffer> {
  const tree = await mkdtemp(join(folder, "tree-"));
  for (const name of names) {
    const file = join(tree, inside, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `#!/bin/sh\necho "${name} ${version}" >&2\n`, { mode: 0o755 });
  }
  const members = inside === "." ? names : [inside.split("/")[0] ?? inside];
  const { stdout } = await execa("tar", ["-czf", "-", "-C", tree, ...members], { encoding: "buffer" });
  return Buffer.from(stdout);
}
