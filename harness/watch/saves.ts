import { watch } from "node:fs/promises";

/** How long it must be quiet, in milliseconds: editors write a file in several steps. */
const quiet = 150;

/**
 * Each time something under a folder was saved, when that was, in milliseconds since 1970; ends with the signal.
 * @throws the signal's reason
 */
export async function* saves(folder: string, signal: AbortSignal): AsyncGenerator<number> {
  const events = watch(folder, { recursive: true, signal })[Symbol.asyncIterator]();
  let next = events.next();
  for (;;) {
    if ((await next).done === true) return;
    let savedAt = Date.now();
    next = events.next();
    while ((await Promise.race([next.then(() => "more"), calm(signal)])) === "more") {
      savedAt = Date.now();
      next = events.next();
    }
    yield savedAt;
  }
}

const calm = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, quiet, "calm");
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve("calm");
      },
      { once: true },
    );
  });
