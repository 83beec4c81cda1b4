import { expect, test } from "vitest";
import { catalogue } from "../../domain/catalogue";
import { HEIGHT, WIDTH, NEAR, pinFor, placeAt, regionsOf } from "./regions";

test("the viewer's right is the patient's left in front and the patient's right behind", () => {
  expect(placeAt("front", 120, 130)).toEqual({ sites: ["breast"], side: "left" });
  expect(placeAt("back", 120, 130)).toEqual({ sites: ["upper_back"], side: "right" });
});

test("a touch on the spine is in the middle", () => {
  expect(placeAt("back", 100, 180)).toEqual({ sites: ["lower_back"], side: "midline" });
});

test("where a drawing cannot tell, the person chooses", () => {
  expect(placeAt("front", 100, 235).sites).toEqual(["vulva", "penis", "scrotum"]);
});

test("beside the body there is nothing", () => {
  expect(placeAt("front", 10, 20).sites).toEqual([]);
});

test("every site of the catalogue but the last can be touched, and has a pin that lies on it", () => {
  const touchable = new Set([...regionsOf("front"), ...regionsOf("back")].flatMap((region) => region.sites));
  const sites = Object.keys(catalogue.sites).filter((site) => site !== "other");
  expect(sites.filter((site) => !touchable.has(site))).toEqual([]);
  for (const site of sites) {
    const pin = pinFor(site, "left");
    if (pin) expect([site, placeAt(pin.view, pin.x * WIDTH, pin.y * HEIGHT).sites.includes(site)]).toEqual([site, true]);
  }
});

test("a pin is on the side that was said", () => {
  const pin = pinFor("thigh", "left");
  expect(pin && placeAt(pin.view, pin.x * WIDTH, pin.y * HEIGHT).side).toBe("left");
});

test("the regions of one site are the same as among all of them", () => {
  for (const view of ["front", "back"] as const)
    expect(regionsOf(view, "thigh")).toEqual(regionsOf(view).filter(({ sites }) => sites.includes("thigh")));
});

test("what lies near is a site of the catalogue", () => {
  expect(Object.values(NEAR).flat().filter((site) => !(site in catalogue.sites))).toEqual([]);
});
