import { setTimeout as pause } from "node:timers/promises";
import { ApiError, type ApiClient } from "../common/api.ts";
import { log } from "../common/log.ts";
import { newNode, statusOfNode, type NodeFacts, type NodeObject } from "./node.ts";

const firstPause = 100;
const longestPause = 7000;
const heartbeatTries = 5;

/** Registers the node, trying until it works. */
export async function register(
  api: ApiClient,
  facts: () => Promise<NodeFacts>,
  schedulable: boolean,
): Promise<void> {
  for (let wait = firstPause; ; wait = Math.min(wait * 2, longestPause)) {
    const now = await facts();
    log.info(`Attempting to register node ${now.name}`);
    try {
      if (await tryToRegister(api, now, schedulable)) return;
    } catch (error) {
      log.error(`Unable to register node "${now.name}" with API server: ${(error as Error).message}`);
    }
    await pause(wait);
  }
}

async function tryToRegister(api: ApiClient, facts: NodeFacts, schedulable: boolean): Promise<boolean> {
  try {
    await api.create("/api/v1/nodes", newNode(facts, schedulable));
    log.info(`Successfully registered node ${facts.name}`);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 409)) throw error;
  }
  const existing = await api.get<NodeObject>(`/api/v1/nodes/${facts.name}`);
  if (existing.spec.externalID === facts.name) {
    log.info(`Node ${facts.name} was previously registered`);
    return true;
  }
  const was = `Previously node "${facts.name}" had externalID "${existing.spec.externalID}"`;
  log.error(`${was}; now it is "${facts.name}"; will delete and recreate.`);
  await api.remove(`/api/v1/nodes/${facts.name}`);
  return false;
}

/** Writes the node's status once, trying five times; what fails is logged. */
export async function heartbeat(api: ApiClient, facts: NodeFacts): Promise<void> {
  const path = `/api/v1/nodes/${facts.name}`;
  for (let left = heartbeatTries; left > 0; left--) {
    try {
      const node = await api.get<NodeObject>(path).catch((error: unknown) => {
        throw new Error(`error getting node "${facts.name}": ${(error as Error).message}`);
      });
      const status = { ...node.status, ...statusOfNode(facts, node.status.conditions ?? []) };
      await api.update(`${path}/status`, { ...node, status });
      return;
    } catch (error) {
      log.error(`Error updating node status, will retry: ${(error as Error).message}`);
    }
  }
  log.error("Unable to update node status: update node status exceeds retry count");
}
