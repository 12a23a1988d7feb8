import type { Course } from "./course.ts";
import type { SpecLab } from "./lab.ts";

/** The judging under way, as specs reach it: they are modules, so there is one at a time in a process. */
interface Running {
  course: Course;
  lab: SpecLab;
}

let current: Running | undefined;

/** The lab being judged. Set before spec files are loaded, since their `describe` blocks loop over its machines. */
export let lab: SpecLab;

/** The judging under way. @throws Error outside of one */
export function running(): Running {
  if (current === undefined) throw new Error("specs can only be used while a lab is judged");
  return current;
}

/** Makes this the judging under way while the work lasts. @throws Error where there is one already */
export async function during<T>(judging: Running, work: () => Promise<T>): Promise<T> {
  if (current !== undefined) throw new Error("one lab at a time can be judged in a process");
  current = judging;
  lab = judging.lab;
  try {
    return await work();
  } finally {
    current = undefined;
  }
}
