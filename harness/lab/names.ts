import type { LabFile } from "./schema.ts";

/** The name flannel gives its VXLAN device: flannel.VNI (flannel v0.7.1, backend/vxlan/vxlan.go). */
export const vxlanDevice = ({ vni }: Pick<LabFile["flannel"], "vni">): string => `flannel.${vni}`;

/** docker's own bridge, which its `--bip` gives an address. */
export const dockerBridge = "docker0";

/** The interface by which Vagrant reaches a machine: always its first. */
export const managementInterface = "eth0";

/** etcd's only member. */
export const etcdMember = "node0";
