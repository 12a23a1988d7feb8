import type { Answers } from "./recorded.ts";
import { kubernetesEndpoints, workerListeners } from "./healthy.ts";

const kinds = [
  ["redis-master", { app: "redis", role: "master", tier: "backend" }],
  ["redis-slave", { app: "redis", role: "slave", tier: "backend" }],
  ["redis-slave", { app: "redis", role: "slave", tier: "backend" }],
  ["frontend", { app: "guestbook", tier: "frontend" }],
  ["frontend", { app: "guestbook", tier: "frontend" }],
  ["frontend", { app: "guestbook", tier: "frontend" }],
] as const;

const names = ["redis-master", "redis-slave", "frontend"];
const nodePort = 30126;
const portOf = (name: string): number => (name === "frontend" ? 80 : 6379);

const list = (items: object[]): string => `${JSON.stringify({ kind: "List", items })}\n200`;

/** What master and workers answer while a guestbook is made, used and deleted, from what was done up to then. */
export function guestbookAnswers(
  { left = false, stuck = false }: { left?: boolean; stuck?: boolean } = {},
  acts: string[] = [],
): { master: Answers; worker: Answers } {
  let [made, scaled, exposed, message] = [left, false, left, ""];
  const did = (what: string, change: () => void) => () => {
    acts.push(what);
    change();
    return "200\n";
  };
  const pods = () =>
    kinds.map(([name, labels], index) => ({
      metadata: { name: `${name}-${index}`, labels },
      spec: { nodeName: `worker${(index % 2) + 1}` },
      status: {
        phase: stuck ? "Pending" : "Running",
        podIP: `10.241.15.${index + 2}`,
        conditions: [{ type: "Ready", status: stuck ? "False" : "True" }],
        containerStatuses: [
          { restartCount: 0, state: stuck ? { waiting: { reason: "ContainerCreating" } } : { running: {} } },
        ],
      },
    }));
  const named = () => (made ? names : []).map((name) => ({ metadata: { name, labels: { app: "redis" } } }));
  const exposedAs = (name: string) => (name === "frontend" && exposed ? "NodePort" : "ClusterIP");
  const ports = (name: string) => [
    { port: portOf(name), ...(exposedAs(name) === "NodePort" ? { nodePort } : {}) },
  ];
  const endpointsOf = (name: string) => ({
    metadata: { name },
    subsets: [
      {
        addresses: pods()
          .filter(({ metadata }) => metadata.name.startsWith(name))
          .map(({ status }) => ({ ip: status.podIP })),
        ports: [{ port: portOf(name) }],
      },
    ],
  });
  return {
    master: {
      deployments: () => list(named()),
      replicasets: () => list(named()),
      services: () =>
        list(
          (made ? names : []).map((name) => ({
            metadata: { name },
            spec: {
              type: exposedAs(name),
              clusterIP: "10.254.13.37",
              selector: kinds.find(([kind]) => kind === name)?.[1],
              ports: ports(name),
            },
          })),
        ),
      endpoints: () => list([kubernetesEndpoints, ...(made ? names : []).map(endpointsOf)]),
      pods: () => list(made && !scaled ? pods() : []),
      "create objects": did("create", () => ([made, scaled, exposed] = [true, false, false])),
      "patch service": did("expose", () => (exposed = true)),
      "scale to none": did("scale", () => (scaled = true)),
      "delete object": did("delete", () => (made = false)),
      "post message": ({ args }) => {
        message = new URL(args[0] ?? "").searchParams.get("value") ?? "";
        return '{"message": "Updated"}\n200';
      },
      http: ({ args }) => (args[0]?.includes("cmd=get") ? `{"data": "${message}"}\n200` : "<html>\n200"),
    },
    worker: {
      browser: ({ args: [url = "", typed = ""] }) =>
        JSON.stringify({
          browser: "Chrome/156.0.8078.79",
          url,
          title: "Guestbook",
          lines: ["Guestbook", "Message", "Submit", message, typed],
          console: [],
          unreached: [],
          ms: 2400,
        }),
      "http often from container": "200\n".repeat(20),
      listeners: () => workerListeners(made && exposed ? nodePort : undefined),
    },
  };
}
