// What the nightly's earlier runs say, asked of GitHub. Only ids, dates and commits are read: nothing that others wrote.
//   node .ci/nightly.mjs red-since   since which commit the present run's kind of red is there
//   node .ci/nightly.mjs late        fails where no night of the last 48 hours was judged
import { appendFileSync } from "node:fs";

const workflow = "nightly.yml";
const job = "centos7";
const hours = 48;
const {
  GITHUB_API_URL: api = "https://api.github.com",
  GITHUB_SERVER_URL: server = "https://github.com",
  GITHUB_REPOSITORY: repository = "",
  GITHUB_SHA: head = "",
  GITHUB_TOKEN: token = "",
  GITHUB_STEP_SUMMARY: summary,
} = process.env;

async function get(path) {
  const response = await fetch(`${api}/repos/${repository}/${path}`, {
    headers: { accept: "application/vnd.github+json", authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`expected ${path} to be answered, saw ${response.status}`);
  return response.json();
}

/** The nights that came to an end, newest first. */
async function nights() {
  const { workflow_runs: runs } = await get(
    `actions/workflows/${workflow}/runs?branch=main&status=completed&per_page=100`,
  );
  return runs;
}

function say(line, level = "notice") {
  console.log(`::${level} title=nightly::${line}`);
  if (summary !== undefined) appendFileSync(summary, `${line}\n`);
}

const short = (commit) => commit.slice(0, 12);

async function redSince() {
  const runs = await nights();
  const greenAt = runs.findIndex(({ conclusion }) => conclusion === "success");
  const since = greenAt === -1 ? runs : runs.slice(0, greenAt);
  const reds = since.filter(({ conclusion }) => ["failure", "timed_out"].includes(conclusion));
  const first = reds.at(-1) ?? { head_sha: head, run_started_at: new Date().toISOString() };
  const how = `red since ${short(first.head_sha)}, the night of ${first.run_started_at.slice(0, 10)}`;
  const green = runs[greenAt];
  if (green === undefined) return say(`${how}; no green night among the last ${runs.length}`);
  const last = `green last at ${short(green.head_sha)}, the night of ${green.run_started_at.slice(0, 10)}`;
  if (green.head_sha === first.head_sha) {
    return say(`${how}; ${last}: the same commit, so look at the host and at what it fetches`);
  }
  const range = `${green.head_sha}...${first.head_sha}`;
  const { total_commits: count } = await get(`compare/${range}`);
  say(`${how}; ${last}; ${count} commits between: ${server}/${repository}/compare/${range}`);
}

/** Whether the cluster was judged in a run: one without a host of its own ends before that. */
async function wasJudged({ id }) {
  const { jobs } = await get(`actions/runs/${id}/jobs`);
  return jobs.some(
    ({ name, conclusion }) => name === job && ["success", "failure", "timed_out"].includes(conclusion),
  );
}

async function late() {
  for (const run of await nights()) {
    const age = (Date.now() - Date.parse(run.run_started_at)) / 3_600_000;
    if (age > hours) break;
    if (!(await wasJudged(run))) continue;
    return say(`the last night was judged ${Math.round(age)} hours ago`);
  }
  say(
    `expected a night of the last ${hours} hours to be judged, saw none: is the runner up, LAB_OWNER set, the schedule on?`,
    "error",
  );
  process.exitCode = 1;
}

const verbs = { "red-since": redSince, late };
const verb = verbs[process.argv[2]];
if (verb === undefined) throw new Error(`expected one of ${Object.keys(verbs).join(", ")}`);
await verb();
