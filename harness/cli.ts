import { parseArgs } from "node:util";
import { BadConfiguration, exitCode, HardwayError, type ExitCode } from "./errors.ts";
import { commands } from "./commands/index.ts";
import type { Command } from "./commands/command.ts";
import { help, overview } from "./commands/help.ts";
import { interruption } from "./interruption.ts";

async function main(argv: string[]): Promise<ExitCode> {
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
  const typed = parse(command, rest);
  if (typed.options["help"] === true) {
    console.log(help(command));
    return exitCode.works;
  }
  return command.execute(typed, interruption());
}

function parse(command: Command, argv: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      options: { ...command.options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    if (positionals.length > command.words)
      throw new Error(`unexpected word: ${String(positionals[command.words])}`);
    return { options: values, positionals };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(". To specify")[0] ?? "") : String(error);
    throw new BadConfiguration({
      message: `${command.name}: ${message}`,
      hint: `npm run lab -- ${command.name} --help`,
    });
  }
}

function answer(error: unknown): ExitCode {
  if (error instanceof HardwayError) {
    console.error(error.explain());
    return error.exitCode;
  }
  console.error("this is a bug in hardway-e2e; please report it with what follows");
  console.error(error);
  return exitCode.bug;
}

process.exit(await main(process.argv.slice(2)).catch(answer));
