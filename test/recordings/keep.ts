// Keeps runs for tests: npx tsx test/recordings/keep.ts reports/RUN healthy
//                       npx tsx test/recordings/keep.ts reports/RUN/mutants/NAME NAME
import { keep } from "./recording.ts";

const [run, name] = process.argv.slice(2);
if (run === undefined || name === undefined) throw new Error("expected a run's folder and a name");
await keep(run, name);
