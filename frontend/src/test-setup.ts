import "fake-indexeddb/auto";
import english from "virtual:texts-en";
import { speak } from "./texts";

speak(english);
