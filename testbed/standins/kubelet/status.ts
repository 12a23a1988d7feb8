import { timestamp, type Condition } from "../common/objects.ts";
import type { ContainerInfo } from "./docker.ts";
import type { Waiting } from "./images.ts";
import {
  infraName,
  label,
  type ContainerState,
  type ContainerStatus,
  type KubeletContainer,
  type KubeletPod,
  type PodStatus,
} from "./pod.ts";

/** A pod's containers as docker has them, the newest of each name first. */
export class PodContainers {
  readonly #all: ContainerInfo[];

  constructor(all: ContainerInfo[]) {
    this.#all = [...all].sort((one, other) => other.Created.localeCompare(one.Created));
  }

  named(name: string): ContainerInfo[] {
    return this.#all.filter(({ Config }) => Config.Labels[label.container] === name);
  }

  /** The infra container, if it runs. */
  get infra(): ContainerInfo | undefined {
    return this.named(infraName).find(({ State }) => State.Running);
  }

  get running(): ContainerInfo[] {
    return this.#all.filter(
      ({ State, Config }) => State.Running && Config.Labels[label.container] !== infraName,
    );
  }

  get all(): readonly ContainerInfo[] {
    return this.#all;
  }
}

/** The status to publish, from what docker has, what still keeps containers from running, and what was said before. */
export function statusOf(
  pod: KubeletPod,
  containers: PodContainers,
  waiting: Map<string, Waiting>,
  hostIP: string,
  before: PodStatus | undefined,
): PodStatus {
  const statuses = pod.spec.containers.map((container) => containerStatus(container, containers, waiting));
  const phase = phaseOf(statuses, pod.spec.restartPolicy ?? "Always");
  const podIP = containers.infra?.NetworkSettings.IPAddress ?? "";
  return {
    phase,
    conditions: conditionsOf(before, statuses, phase),
    hostIP,
    ...(podIP !== "" && { podIP }),
    startTime: before?.startTime ?? timestamp(),
    containerStatuses: statuses,
  };
}

function containerStatus(
  { name, image }: KubeletContainer,
  containers: PodContainers,
  waiting: Map<string, Waiting>,
): ContainerStatus {
  const [latest, previous] = containers.named(name);
  const held = waiting.get(name);
  const running = latest?.State.Running === true;
  const last = running || held === undefined ? previous : latest;
  return {
    name,
    state: running
      ? { running: { startedAt: seconds(latest.State.StartedAt) } }
      : held !== undefined
        ? { waiting: { ...held } }
        : latest === undefined
          ? { waiting: { reason: "ContainerCreating" } }
          : terminated(latest),
    lastState: last === undefined ? {} : terminated(last),
    ready: running,
    restartCount: Number(latest?.Config.Labels[label.restarts] ?? 0),
    image,
    imageID: latest === undefined ? "" : `docker://${latest.Image}`,
    ...(latest !== undefined && { containerID: `docker://${latest.Id}` }),
  };
}

function terminated({ Id, State }: ContainerInfo): ContainerState {
  const reason = State.OOMKilled ? "OOMKilled" : State.ExitCode === 0 ? "Completed" : "Error";
  return {
    terminated: {
      exitCode: State.ExitCode,
      reason,
      startedAt: seconds(State.StartedAt),
      finishedAt: seconds(State.FinishedAt),
      containerID: `docker://${Id}`,
    },
  };
}

function phaseOf(statuses: ContainerStatus[], restartPolicy: string): string {
  const ends = statuses.map(({ state, lastState }) => state.terminated ?? lastState.terminated);
  if (statuses.some(({ state }, index) => state.waiting !== undefined && ends[index] === undefined))
    return "Pending";
  if (statuses.some(({ state }) => state.running !== undefined) || restartPolicy === "Always")
    return "Running";
  if (ends.every((end) => end?.exitCode === 0)) return "Succeeded";
  return restartPolicy === "Never" ? "Failed" : "Running";
}

function conditionsOf(
  before: PodStatus | undefined,
  statuses: ContainerStatus[],
  phase: string,
): Condition[] {
  const unready = statuses.filter(({ ready }) => !ready).map(({ name }) => name);
  const notReady =
    phase === "Succeeded"
      ? { reason: "PodCompleted" }
      : { reason: "ContainersNotReady", message: `containers with unready status: [${unready.join(" ")}]` };
  const now: Condition[] = [
    { type: "Initialized", status: "True" },
    unready.length === 0
      ? { type: "Ready", status: "True" }
      : { type: "Ready", status: "False", ...notReady },
    { type: "PodScheduled", status: "True" },
  ];
  return now.map((condition) => {
    const last = before?.conditions?.find(({ type }) => type === condition.type);
    const since = last?.status === condition.status ? last.lastTransitionTime : undefined;
    return { ...condition, lastTransitionTime: since ?? timestamp() };
  });
}

/** The API keeps whole seconds. */
function seconds(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}
