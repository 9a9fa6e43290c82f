import type { RedisConnection } from "../src/redis/connection.ts";

/** A connection that breaks for good after so many commands: what a process has done when it is killed there. */
export function endsAfter(connection: RedisConnection, commands: number): RedisConnection {
  return counted(connection, (command) => {
    if (command >= commands) throw new Error("killed");
  });
}

/** Something happens just before a command. */
export function diesAt(connection: RedisConnection, at: number, die: () => void): RedisConnection {
  return counted(connection, (command) => {
    if (command === at) die();
  });
}

function counted(connection: RedisConnection, before: (command: number) => void): RedisConnection {
  let sent = 0;
  return new Proxy(connection, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        before(sent++);
        return (value as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}
