import { expect } from "chai";
import { join } from "node:path";
import { environmentOf } from "../../testbed/standins/kubelet/env.ts";
import { Bench, eventually, type Daemon } from "./standins-worker-bench.ts";

const apiserver = "http://198.18.0.1:8080";

describe("the stand-ins for kubelet and kube-proxy", () => {
  let bench: Bench;
  let master: string;
  let worker: string;

  const api = async <T>(method: string, path: string, body?: object): Promise<T> =>
    JSON.parse(await bench.ask(master, `http://127.0.0.1:8080${path}`, method, body)) as T;

  const refusal = (namespace: string, url: string): Promise<string> =>
    bench.ask(namespace, url).catch((error: unknown) => (error as Error).message);

  before(async () => {
    bench = await Bench.open();
    [master, worker] = [await bench.namespace(), await bench.namespace()];
    await bench.wire(master, "198.18.0.1/24", worker, "198.18.0.2/24");
    await bench.run(worker, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    await bench.etcd(master);
    await bench.start(master, "kube-apiserver", [
      "--etcd-servers=http://127.0.0.1:2379",
      "--insecure-bind-address=0.0.0.0",
      "--service-cluster-ip-range=10.254.0.0/16",
      `--cert-dir=${join(bench.folder, "apiserver")}`,
    ]);
    await eventually("the apiserver answers", () => bench.ask(master, "http://127.0.0.1:8080/healthz"));
  });
  after(() => bench.dispose());

  describe("kubelet", () => {
    const start = (...args: string[]): Promise<Daemon> => {
      const folders = [`--cert-dir=${join(bench.folder, "kubelet")}`, `--root-dir=${bench.folder}`];
      const docker = `--docker-endpoint=unix://${bench.folder}/no-docker.sock`;
      return bench.start(worker, "kubelet", ["--node-ip=198.18.0.2", docker, ...folders, ...args]);
    };

    it("says that it knows no apiserver, and stays; --address does not bind cAdvisor", async () => {
      const daemon = await start("--address=127.0.0.1");
      await daemon.says("No API client: no api servers specified");
      await daemon.says("Starting kubelet main sync loop.");
      expect(await bench.ask(master, "http://198.18.0.2:4194/healthz")).to.equal("ok");
      expect(await bench.ask(worker, "https://127.0.0.1:10250/healthz")).to.equal("ok");
      expect(await refusal(master, "http://198.18.0.2:10255/healthz")).to.contain("ECONNREFUSED");
      await daemon.stop();
    });

    it("keeps trying to register where nothing answers", async () => {
      const daemon = await start("--api-servers=http://198.18.0.1:8081", "--hostname-override=Worker1");
      const post =
        'Post "http://198.18.0.1:8081/api/v1/nodes": dial tcp 198.18.0.1:8081: connect: connection refused';
      await daemon.says(`Unable to register node "worker1" with API server: ${post}`, 2);
      await daemon.stop();
    });

    it("registers its node, which is not ready while docker is down", async () => {
      const daemon = await start(`--api-servers=${apiserver}`, "--hostname-override=Worker1");
      await daemon.says("Successfully registered node worker1");
      const { status } = await api<{ status: Record<string, unknown> }>("GET", "/api/v1/nodes/worker1");
      expect(status["addresses"]).to.deep.equal([
        { type: "LegacyHostIP", address: "198.18.0.2" },
        { type: "InternalIP", address: "198.18.0.2" },
        { type: "Hostname", address: "worker1" },
      ]);
      expect(status["daemonEndpoints"]).to.deep.equal({ kubeletEndpoint: { Port: 10250 } });
      const ready = (status["conditions"] as { type: string }[]).find(({ type }) => type === "Ready");
      expect(ready).to.include({
        status: "False",
        reason: "KubeletNotReady",
        message: "container runtime is down",
      });
      await daemon.stop();
    });

    it("gives containers the variables of the services there are, their own last", () => {
      const service = (name: string, namespace: string, clusterIP: string, port: number) => ({
        metadata: { name, namespace },
        spec: { clusterIP, ports: [{ port }] },
      });
      const services = [
        service("kubernetes", "default", "10.254.0.1", 443),
        service("redis-master", "guests", "10.254.0.9", 6379),
        service("elsewhere", "other", "10.254.0.8", 80),
        service("headless", "guests", "None", 80),
      ];
      const env = [{ name: "URL", value: "redis://$(REDIS_MASTER_SERVICE_HOST)/$(NONE)$$" }];
      const container = { name: "php", image: "php", env };
      const pod = {
        metadata: { name: "p", namespace: "guests", uid: "u" },
        spec: { containers: [container] },
      };
      const made = environmentOf(pod, container, services, "10.241.1.2");
      expect(made).to.include({
        KUBERNETES_SERVICE_HOST: "10.254.0.1",
        REDIS_MASTER_SERVICE_HOST: "10.254.0.9",
        REDIS_MASTER_SERVICE_PORT: "6379",
        REDIS_MASTER_PORT_6379_TCP: "tcp://10.254.0.9:6379",
        URL: "redis://10.254.0.9/$(NONE)$",
      });
      expect(Object.keys(made).filter((name) => /ELSEWHERE|HEADLESS/.test(name))).to.deep.equal([]);
    });
  });

  describe("kube-proxy", () => {
    const services = "/api/v1/namespaces/default/services";
    const nodePort = "http://198.18.0.2:30126/healthz";
    const rules = () => bench.run(worker, "iptables-save");
    const listening = () => bench.run(worker, "ss", "-Hltn", "sport = :30126");

    it("does not start without a master", async () => {
      const daemon = await bench.start(worker, "kube-proxy", []);
      expect(await daemon.ends()).to.equal(1);
      expect(daemon.output).to.match(/^invalid configuration: no configuration has been provided$/m);
    });

    it("leads a NodePort and a service's address to the pods, and removes both with the service", async () => {
      await bench.start(worker, "kube-proxy", [`--master=${apiserver}`, "--hostname-override=worker9"]);
      const spec = { type: "NodePort", ports: [{ port: 80, targetPort: 8080, nodePort: 30126 }] };
      const made = await api<{ spec: { clusterIP: string } }>("POST", services, {
        kind: "Service",
        apiVersion: "v1",
        metadata: { name: "frontend" },
        spec: { ...spec, selector: { tier: "frontend" } },
      });
      const address = `http://${made.spec.clusterIP}/healthz`;
      await eventually("a service without pods is refused", async () => {
        expect(await rules()).to.contain("default/frontend: has no endpoints");
      });
      expect(await refusal(worker, address)).to.contain("ECONNREFUSED");
      // The apiserver serves as the pod.
      await api("POST", "/api/v1/namespaces/default/endpoints", {
        kind: "Endpoints",
        apiVersion: "v1",
        metadata: { name: "frontend" },
        subsets: [{ addresses: [{ ip: "198.18.0.1" }], ports: [{ port: 8080 }] }],
      });
      await eventually("the pod answers through the NodePort", async () => {
        expect(await bench.ask(master, nodePort)).to.equal("ok");
      });
      expect(await bench.ask(worker, address)).to.equal("ok");
      expect(await bench.ask(worker, "http://127.0.0.1:10249/proxyMode")).to.equal("iptables");
      expect(await listening()).to.contain("*:30126");
      expect(await rules()).to.not.match(/-A FORWARD.*KUBE/);

      await api("DELETE", `${services}/frontend`);
      await eventually("nothing of the service is left", async () => {
        expect(await listening()).to.equal("");
        expect(await rules()).to.not.contain("default/frontend");
      });
      expect(await refusal(master, nodePort)).to.contain("ECONNREFUSED");
    });
  });
});
