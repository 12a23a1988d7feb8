import { z } from "zod";
import { sh } from "../render/quote.ts";
import { factOf } from "./fact.ts";
import { answerOf, bodyOf, curl, NoAnswer } from "./http.ts";

interface EtcdHealth {
  healthy: boolean;
  /** The last line etcdctl wrote: "cluster is healthy", "cluster may be unhealthy: …". */
  verdict: string;
}

/** What `etcdctl cluster-health` says; that command exists in the v2 API only, which etcd 3.4 must be told by name. */
export const etcdHealth = factOf<EtcdHealth, [endpoint: string]>(
  "etcd health",
  (endpoint) => `ETCDCTL_API=2 timeout 30 etcdctl --endpoints ${sh(endpoint)} cluster-health`,
  (stdout, { code, stderr }) => {
    const said = (text: string) => text.trim().split("\n").at(-1);
    const verdict = said(stdout) || said(stderr) || "nothing";
    return { healthy: code === 0 && verdict === "cluster is healthy", verdict };
  },
);

const members = z.object({
  members: z.array(z.object({ name: z.string(), clientURLs: z.array(z.string()) })),
});
type EtcdMember = z.output<typeof members>["members"][number];

/** etcd's members with the URLs they advertise. @throws NoAnswer */
export const etcdMembers = factOf<EtcdMember[], [endpoint: string]>(
  "etcd members",
  (endpoint) => curl(`${endpoint}/v2/members`),
  (_, seen) => members.parse(JSON.parse(bodyOf(`${seen.args[0] ?? ""}/v2/members`, seen))).members,
);

/** A key of etcd's v2 store. */
export interface EtcdKey {
  key: string;
  value: string;
  /** Seconds left; undefined where the key stays. */
  ttl: number | undefined;
}

interface Node {
  key?: string | undefined;
  value?: string | undefined;
  ttl?: number | undefined;
  nodes?: Node[] | undefined;
}
const node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    key: z.string().optional(),
    value: z.string().optional(),
    ttl: z.number().optional(),
    nodes: z.array(node).optional(),
  }),
);
const tree = z.object({ node });

const keysOf = ({ key, value, ttl, nodes = [] }: Node): EtcdKey[] =>
  key !== undefined && value !== undefined ? [{ key, value, ttl }] : nodes.flatMap(keysOf);

/** Every key below a prefix, none where the prefix is not there. @throws NoAnswer */
export const etcdTree = factOf<EtcdKey[], [endpoint: string, prefix: string]>(
  "etcd tree",
  (endpoint, prefix) => curl(treeUrl(endpoint, prefix)),
  (_, seen) => {
    const [endpoint = "", prefix = ""] = seen.args;
    const url = treeUrl(endpoint, prefix);
    const { status, body } = answerOf(url, seen);
    if (status === 404) return [];
    if (status !== 200) throw new NoAnswer(seen.machine, url, `HTTP ${status}: ${body.trim()}`);
    return keysOf(tree.parse(JSON.parse(body)).node);
  },
);

const treeUrl = (endpoint: string, prefix: string): string => `${endpoint}/v2/keys${prefix}?recursive=true`;
