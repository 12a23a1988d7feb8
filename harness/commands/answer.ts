import { parseArgs } from "node:util";
import { BadConfiguration, exitCode, type ExitCode } from "../errors.ts";
import { interruption } from "../interruption.ts";
import { refuseBadHome } from "../paths.ts";
import { commands } from "./index.ts";
import type { Arguments, Command } from "./command.ts";
import { help, overview } from "./help.ts";
import { refuseSwallowed } from "./swallowed.ts";

/**
 * Does what a command line asks.
 * @returns the process's exit code
 * @throws HardwayError where it could not be done
 */
export async function answer(argv: string[]): Promise<ExitCode> {
  const [verb, ...rest] = argv;
  if (verb === undefined || verb === "--help" || verb === "-h" || verb === "help") {
    console.log(overview(commands));
    return verb === undefined ? exitCode.badUsage : exitCode.works;
  }
  const command = commands.find(({ name }) => name === verb);
  if (command === undefined) {
    throw new BadConfiguration({
      message: `there is no verb ${verb}`,
      hint: `one of ${commands.map(({ name }) => name).join(", ")}`,
    });
  }
  refuseSwallowed(commands, command, argv);
  const typed = parse(command, rest);
  if (typed.options["help"] === true) {
    console.log(help(command));
    return exitCode.works;
  }
  refuseBadHome();
  return command.execute(typed, interruption());
}

/** @throws BadConfiguration where it is not what the verb takes */
function parse(command: Command, argv: string[]): Arguments {
  const usage = (message: string) =>
    new BadConfiguration({
      message: `${command.name}: ${message}`,
      hint: `npm run lab -- ${command.name} --help`,
    });
  let typed: Arguments;
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      options: { ...command.options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    typed = { options: values, positionals };
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split(". To specify")[0] ?? "") : String(error));
  }
  const { options, positionals } = typed;
  if (positionals.length > command.words) {
    throw usage(`unexpected word: ${String(positionals[command.words])}`);
  }
  const empty = Object.entries(options).find(([, value]) => value === "");
  if (empty !== undefined) throw usage(`--${empty[0]}: expected a value, saw an empty one`);
  if (positionals[0] === "") throw usage("expected a word, saw an empty one");
  return typed;
}
