import { mount } from "svelte";
import App from "./App.svelte";
import { start } from "./state";

const target = document.getElementById("app");
if (target) mount(App, { target });
void start();
