import { programs } from "../shell/programs.ts";
import { type Disk, newDisk } from "./disk.ts";

/** What is in an image: its files, and what it runs where nothing is said. */
export type Image = { disk: Disk; argv: readonly string[]; role: "attacker" | "victim" | "server" | "tools" };

/** Programs of every image that has a shell at all. */
const applets = Object.keys(programs).filter((name) => name !== "main" && name !== "bash");

function withShell(busybox: boolean): Disk {
  const disk = newDisk({
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "/etc/os-release": busybox ? 'NAME="BusyBox"\n' : 'NAME="Ubuntu"\n',
  });
  for (const name of applets)
    disk.set(`/bin/${name}`, { content: "\x7fELF", program: busybox ? "busybox" : name });
  if (!busybox) disk.set("/bin/bash", { content: "\x7fELF", program: "bash" });
  disk.set("/proc/self/exe", { content: "\x7fELF", program: busybox ? "busybox" : "true" });
  return disk;
}

function withMain(disk: Disk): Disk {
  disk.set("/usr/bin/main", { content: "\x7fELF", program: "main" });
  return disk;
}

const repository = (image: string) => image.replace(/@.*$/, "").replace(/:[^/]*$/, "");

/** The image of a reference; one that is not known is a server that runs until it is stopped. */
export function imageOf(reference: string): Image {
  const name = repository(reference);
  if (/\/attacker$/.test(name)) return { disk: withMain(withShell(false)), argv: ["main"], role: "attacker" };
  if (/\/victim$/.test(name)) return { disk: withMain(withShell(false)), argv: ["main"], role: "victim" };
  if (/(^|\/)(busybox|alpine)$/.test(name)) return { disk: withShell(true), argv: ["sh"], role: "tools" };
  if (/(^|\/)(ubuntu|debian|azure-cli)$/.test(name))
    return { disk: withShell(false), argv: ["bash"], role: "tools" };
  return { disk: withMain(withShell(false)), argv: ["main"], role: "server" };
}
