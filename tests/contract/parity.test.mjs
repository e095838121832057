// The figures but the longest; what is compared: parity.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";

import { listing, parityOf } from "./parity.mjs";

test("the gallery has at least nine figures on four shelves", async () => {
  assert.ok(listing.length >= 9, `got ${listing.length}`);
});

parityOf(false);
