/** Looks for the sheet's paper beside the screen, for the hints. */
import { paperIn } from "../../domain/camera/marker";
import type { Grey } from "../../domain/camera";

addEventListener("message", ({ data, ports }: MessageEvent<Grey>) => ports[0]?.postMessage(paperIn(data)));
