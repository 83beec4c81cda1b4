/** Looks for the sheet beside the screen: on a slow phone that takes a second, in which nothing may stand still. */
import { findMarker } from "../../domain/camera/marker";
import type { Grey } from "../../domain/camera";

addEventListener("message", ({ data }: MessageEvent<Grey>) => postMessage(findMarker(data)));
