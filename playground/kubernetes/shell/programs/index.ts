import type { Program } from "../process.ts";
import { filePrograms } from "./files.ts";
import { systemPrograms } from "./system.ts";
import { textPrograms } from "./texts.ts";

/** Programs by the name of what they do; an image says which of them it has, and where. */
export const programs: Record<string, Program> = { ...filePrograms, ...systemPrograms, ...textPrograms };
