import { answer } from "./commands/answer.ts";
import { end, tell } from "./faults.mjs";

const code = await answer(process.argv.slice(2)).catch(tell);
// Whoever started this inside a namespace knows by it that the code is an answer, and not how Node ends a crash.
if (process.connected) await new Promise((resolve) => process.send?.({ answered: code }, resolve));
await end(code);
