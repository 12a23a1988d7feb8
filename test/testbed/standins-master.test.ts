import { expect } from "chai";
import { ApiError, type ApiClient } from "../../testbed/standins/common/api.ts";
import type { Deployment, Endpoints, Pod, Secret, Service } from "../../testbed/standins/common/objects.ts";
import { until } from "./standins-master-daemons.ts";
import { TestMaster } from "./standins-master-cluster.ts";

const deployments = "/apis/extensions/v1beta1/namespaces/default/deployments";
const core = "/api/v1/namespaces/default";
const labels = { app: "guestbook", tier: "frontend" };

async function refusal(work: Promise<unknown>): Promise<ApiError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("master stand-ins on a real etcd", function () {
  this.timeout(30_000);
  let master: TestMaster;
  let api: ApiClient;
  before(async () => {
    master = await TestMaster.start();
    api = master.api;
  });
  after(() => master.close());

  it("makes two namespaces and the kubernetes service, in etcd's v2 store", async () => {
    const { node } = await master.etcd.get("/registry", { recursive: true });
    const folders = (node.nodes ?? []).map(({ key }) => key);
    expect(folders).to.have.members(["/registry/namespaces", "/registry/services"]);
    const stored = await master.etcd.get("/registry/services/specs/default/kubernetes");
    expect(JSON.parse(stored.node.value ?? "")).to.deep.include({ kind: "Service", apiVersion: "v1" });
    const service = await api.get<Service>(`${core}/services/kubernetes`);
    expect(service.spec.clusterIP).to.equal("10.254.0.1");
    expect(service.metadata.resourceVersion).to.equal(String(stored.node.modifiedIndex));
    const { subsets } = await api.get<Endpoints>(`${core}/endpoints/kubernetes`);
    expect(subsets?.[0]?.addresses).to.deep.equal([{ ip: "10.146.47.100" }]);
  });

  it("refuses what 1.5.2 refuses, in its words", async () => {
    await api.create(`${core}/services`, {
      metadata: { name: "frontend", labels },
      spec: { ports: [{ port: 80 }], selector: labels },
    });
    const frontend = `${core}/services/frontend`;
    const wrong = await refusal(api.patch(frontend, { spec: { type: "Nodeport" } }));
    expect(wrong.code).to.equal(422);
    expect(wrong.message).to.equal(
      'Service "frontend" is invalid: spec.type: Unsupported value: "Nodeport": ' +
        "supported values: ClusterIP, ExternalName, LoadBalancer, NodePort",
    );
    const { spec } = await api.patch<Service>(frontend, { spec: { type: "NodePort" } });
    const { nodePort = 0 } = spec.ports?.[0] ?? {};
    expect(nodePort).to.be.within(30000, 32767);
    expect((await refusal(api.patch(frontend, { spec: { type: "ClusterIP" } }))).message).to.equal(
      `Service "frontend" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: may not be used when \`type\` is 'ClusterIP'`,
    );
    expect((await refusal(api.get(`${core}/pods/x`))).message).to.equal('pods "x" not found');
    const old = { metadata: { name: "frontend", resourceVersion: "1" } };
    expect((await refusal(api.patch(frontend, old))).reason).to.equal("Conflict");
  });

  it("makes no pod without a token, and asks to try again", async () => {
    await api.create(`${core}/serviceaccounts`, { metadata: { name: "default" } });
    const pod = { metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "x" }] } };
    const response = await fetch(`${master.address}${core}/pods`, {
      method: "POST",
      body: JSON.stringify(pod),
    });
    expect(response.status).to.equal(500);
    expect(response.headers.get("retry-after")).to.equal("1");
    expect(await response.json()).to.deep.include({
      reason: "ServerTimeout",
      message:
        'No API token found for service account "default", retry after the token is automatically created and added to the service account',
    });
  });

  it("gives the account a token with the key; 6443 takes it and no other", async () => {
    await master.startOn("kube-controller-manager", `--service-account-private-key-file=${master.keyFile}`);
    const secret = await until(async () => (await api.list<Secret>(`${core}/secrets`))[0]);
    expect(Object.keys(secret.data ?? {})).to.have.members(["namespace", "token"]);
    const token = Buffer.from(secret.data?.token ?? "", "base64").toString();
    expect(await master.askSecurely(token)).to.equal(200);
    expect(await master.askSecurely("")).to.equal(401);
    const [head = "", body = ""] = token.split(".");
    expect(await master.askSecurely(`${head}.${body}.${Buffer.alloc(256).toString("base64url")}`)).to.equal(
      401,
    );
    const complaint = "Unable to authenticate the request due to an error: crypto/rsa: verification error\n";
    await until(() => Promise.resolve(master.daemons.apiserver.log.includes(complaint) || undefined));
  });

  it("turns a deployment into pods on ready nodes, and running pods into endpoints", async () => {
    await master.startOn("kube-scheduler");
    const status = { conditions: [{ type: "Ready", status: "True" }] };
    for (const name of ["worker1", "worker2"])
      await api.create("/api/v1/nodes", { metadata: { name }, status });
    await api.create(deployments, {
      metadata: { name: "frontend" },
      spec: {
        replicas: 3,
        template: { metadata: { labels }, spec: { containers: [{ name: "php", image: "gb-frontend:v4" }] } },
      },
    });
    const pods = await until(async () => {
      const bound = (await api.list<Pod>(`${core}/pods`)).filter(({ spec }) => spec.nodeName);
      return bound.length === 3 ? bound : undefined;
    });
    expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).to.equal(2);
    for (const [index, { metadata }] of pods.entries()) {
      const running = { phase: "Running", podIP: `10.241.1.${index + 2}`, conditions: status.conditions };
      await api.patch(`${core}/pods/${metadata.name}/status`, { status: running });
    }
    const { subsets } = await until(async () => {
      const found = await api.get<Endpoints>(`${core}/endpoints/frontend`);
      return found.subsets?.[0]?.addresses?.length === 3 ? found : undefined;
    });
    expect(subsets?.[0]?.addresses?.map(({ ip }) => ip)).to.deep.equal([
      "10.241.1.2",
      "10.241.1.3",
      "10.241.1.4",
    ]);
    const done = await until(async () => {
      const { status: told } = await api.get<Deployment>(`${deployments}/frontend`);
      return told !== undefined && "availableReplicas" in told ? told : undefined;
    });
    expect(done).to.deep.include({ availableReplicas: 3, updatedReplicas: 3, observedGeneration: 1 });
  });

  it("tells watchers each change, and lets the node's kubelet end a pod", async () => {
    const watching = new AbortController();
    const seen: string[][] = [];
    const path = `${core}/pods?labelSelector=tier%3Dfrontend`;
    const watch = api.watch<Pod>(
      path,
      (pods) => seen.push(pods.map(({ metadata }) => metadata.name)),
      watching.signal,
    );
    const [first] = await until(() => Promise.resolve(seen[0]));
    const gone = `${core}/pods/${first ?? ""}`;
    await api.remove(gone);
    const { metadata } = await api.get<Pod>(gone);
    expect(metadata.deletionGracePeriodSeconds).to.equal(30);
    await api.remove(gone, { gracePeriodSeconds: 0 });
    const now = await until(() =>
      Promise.resolve(seen.find((names) => names.length === 3 && !names.includes(first ?? ""))),
    );
    expect(now).to.have.length(3);
    watching.abort();
    await watch;
  });

  it("takes a deployment's pods along only when asked to", async () => {
    await api.remove(`${deployments}/frontend`);
    const sets = "/apis/extensions/v1beta1/namespaces/default/replicasets";
    const [left] = await api.list<Pod>(sets);
    await api.remove(`${sets}/${left?.metadata.name ?? ""}`, { propagationPolicy: "Background" });
    const pods = await api.list<Pod>(`${core}/pods`);
    expect(pods).to.have.length(3);
    expect(pods.every(({ metadata }) => metadata.deletionTimestamp)).to.equal(true);
  });

  it("lives on without etcd and says so, and ends with 0 when told to", async () => {
    await master.daemons.etcd.kill("SIGKILL");
    const answer = await refusal(api.get(`${core}/pods`));
    expect(answer.code).to.equal(500);
    expect(answer.message).to.equal("client: etcd cluster is unavailable or misconfigured");
    expect((await fetch(`${master.address}/healthz`)).status).to.equal(200);
    expect(await master.daemons.apiserver.kill("SIGTERM")).to.equal(0);
  });
});
