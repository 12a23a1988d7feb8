import { RecordedClock, recordedObservers } from "../facts/recorded.ts";
import type { Lab } from "../lab/lab.ts";
import { components } from "./cluster.ts";
import { Course } from "./course.ts";
import { Graph } from "../cause/graph.ts";
import { specFiles } from "./judge.ts";
import { specLab } from "./lab.ts";
import { during } from "./running.ts";
import { runSpecs } from "./suite.ts";

/** The titles of the specs that would judge a lab: all, or those that match a pattern. Nothing is judged for it. */
export async function titlesFor(lab: Lab, grep?: RegExp): Promise<string[]> {
  const clock = new RecordedClock([]);
  const course = new Course(clock, new AbortController().signal, new Graph(components, lab));
  const seen = specLab(lab, recordedObservers(lab.machines, [], clock), course, []);
  const titles: string[] = [];
  const files = await specFiles();
  await during({ course, lab: seen }, () =>
    runSpecs(files, {
      course,
      grep,
      onlyTitles: true,
      onEnd: ({ title }) => titles.push(title.join(" ")),
      settled: () => Promise.resolve(),
    }),
  );
  return titles;
}
