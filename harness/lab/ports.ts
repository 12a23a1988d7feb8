import { z } from "zod";

const port = z.int().min(1).max(65535);

/** The ports a lab file can move, each at its daemon's own default (facts/centos7.md §6). */
export const portsSchema = z
  .strictObject({
    etcd: z
      .strictObject({
        client: port.default(2379),
        peer: port.default(2380).describe("on loopback: etcd has one member"),
      })
      .prefault({}),
    apiserver: z
      .strictObject({
        insecure: port.default(8080).describe("what every daemon and the specs ask"),
        secure: port.default(6443),
      })
      .prefault({}),
    kubelet: z
      .strictObject({
        secure: port.default(10250),
        readOnly: port.default(10255),
        cadvisor: port.default(4194),
        health: port.default(10248).describe("on loopback"),
      })
      .prefault({}),
    vxlan: port.default(8472).describe("UDP; flannel's VXLAN between workers"),
    nodePorts: z
      .strictObject({ first: port.default(30000), last: port.default(32767) })
      .prefault({})
      .describe("the range that services' NodePorts are taken from"),
  })
  .prefault({});

export type Ports = z.output<typeof portsSchema>;

/** Where the daemons listen when no lab file and no template says otherwise. */
export const defaultPorts: Ports = portsSchema.parse({});

/**
 * Ports that no lab file moves: the API server of 1.5.2 asks its scheduler and its controller manager for their health
 * on these whatever they were told (kubernetes v1.5.2, pkg/master/master.go, getServersToValidate); kube-proxy's is
 * asked by nobody.
 */
export const fixedPorts = { scheduler: 10251, controllerManager: 10252, proxyHealth: 10249 } as const;

/** Which groups of ports a lab file moves away from the defaults: what a template must say only then. */
export const movedPorts = (ports: Ports): Record<keyof Ports, boolean> => {
  const moved = (group: keyof Ports): boolean =>
    JSON.stringify(ports[group]) !== JSON.stringify(defaultPorts[group]);
  return {
    etcd: moved("etcd"),
    apiserver: moved("apiserver"),
    kubelet: moved("kubelet"),
    vxlan: moved("vxlan"),
    nodePorts: moved("nodePorts"),
  };
};
