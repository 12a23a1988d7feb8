/** The one door by which the harness comes to the description of the cluster. */
export { default as clusterSettings } from "../../specs/cluster/settings.ts";
export { components, type ComponentName } from "../../specs/cluster/components.ts";
