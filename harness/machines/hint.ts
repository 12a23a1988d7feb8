/** What a person types to run a command on a machine of the lab that is up, as root: logs are root's to read. */
export const asRoot = (machine: string, command: string): string =>
  `npm run lab -- ssh ${machine} -- sudo ${command}`;
