// Copyright (c) 2026 The passwordless.rds contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

// Reads a list of cases as JSON, and writes one verdict for each of them.
// usage: node evaluate.js FOLDER < CASES     FOLDER has the node_modules with @cloud-copilot/iam-simulate

const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const { resolve } = require("node:path");

const { runSimulation } = createRequire(resolve(process.argv[2], "package.json"))("@cloud-copilot/iam-simulate");

const named = (policies) => policies.map((policy, number) => ({ name: `policy${number}`, policy }));

async function verdict(item) {
  const result = await runSimulation(
    {
      request: {
        principal: item.principal,
        action: item.action,
        resource: { resource: item.resource, accountId: "123456789012" },
        contextVariables: item.context,
      },
      identityPolicies: named(item.identity),
      permissionBoundaryPolicies: item.boundary ? named(item.boundary) : undefined,
      sessionPolicy: item.session ?? undefined,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return result.resultType === "error" ? { error: result.errors } : { verdict: result.overallResult };
}

async function main() {
  const verdicts = [];
  for (const item of JSON.parse(readFileSync(0, "utf8"))) {
    verdicts.push(await verdict(item));
  }
  process.stdout.write(JSON.stringify(verdicts));
}

main();
