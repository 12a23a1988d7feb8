/**
 * Runs tasks side by side. When one fails the others are cancelled, and all have ended before it answers.
 * @throws the first failure
 */
export async function together(
  signal: AbortSignal,
  tasks: ((all: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const failure = new AbortController();
  const all = AbortSignal.any([signal, failure.signal]);
  const results = tasks.map((task) =>
    task(all).catch((error: unknown) => {
      if (!failure.signal.aborted) failure.abort(error);
    }),
  );
  await Promise.all(results);
  if (failure.signal.aborted) throw failure.signal.reason;
}
