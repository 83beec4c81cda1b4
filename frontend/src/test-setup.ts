import "fake-indexeddb/auto";
import rest from "virtual:rest-en";
import english from "virtual:texts-en";
import { speak, whole } from "./texts";

speak(english, async () => rest);
await whole();
