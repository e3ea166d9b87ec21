/** `npm run rates`: simulates the harness's own error rates, and writes them down in docs/error-rates.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateRates } from './gates.ts';
import { intervalRates } from './intervals.ts';
import { keepsItsPromise, type Rate } from './rate.ts';
import { planRates } from './plans.ts';
import { persistentRates } from './persistent-states.ts';
import { confirmedRates } from './confirmed.ts';
import { steadinessRates } from './steadiness.ts';
import { tailRates } from './tails.ts';
import { checkRates, trendRates } from './trends.ts';

/** So that all of it takes some minutes on one core. */
const SIZES = {
  ...{ intervals: 2000, gates: 200, steadiness: 1000, persistent: 2000, plans: 1000, tails: 2000 },
  ...{ trends: 200, campaigns: 500 },
};

const PAGE = join(import.meta.dirname, '../../docs/error-rates.md');
const INTRODUCTION = `# Error rates

How often the harness is wrong, in simulated experiments whose truth is known, by the code that users run. Made by
\`npm run rates\`, from fixed seeds; \`npm run test:long -- rates\` holds a smaller size of each against what is promised, with
four standard errors of leeway. Sizes: ${SIZES.intervals} experiments a row for intervals and verdicts, twice as many where runs
stop on precision, ${SIZES.gates} campaigns for gates, ${SIZES.steadiness} runs for steps and drifts,
${SIZES.persistent} for states that last, ${SIZES.plans} pilots for plans, ${SIZES.tails} experiments for tails, ${SIZES.trends} histories for trends, ${SIZES.campaigns} campaigns
on machines that wander: each mode takes 15% longer in one of two states, stays as it is with 0.9 in each block, and is in either
as the run begins. In every row of coverage nothing but
noise differs between the two arms: \`gamma 0.5\` and \`Weibull 0.6\` are a trial's time itself, a \`latency\` is
1 + 0.2 Weibull(0.6). Variance between runs is not known from one run, and is in the figures of trends and of machines that wander alone.
Runs of gamma 0.5 that stop on precision early are those that happened not to show how skewed they are: of these alone fewer hold
the truth than their row says, and of the later ones more.
A step of 4 sd that is named with another block is mostly one whose noise hides the place: where it is known that there is one, the
likeliest place is the right one no more often than the row about that says.
`;

function table(heading: string, rates: readonly Rate[]): string {
  const rows = rates.map(({ what, percent, experiments, least, most }) => {
    const promised = [
      ...(least === undefined ? [] : [`at least ${least}%`]),
      ...(most === undefined ? [] : [`at most ${most}%`]),
    ];
    return `| ${what} | ${percent.toFixed(1)}% | ${promised.join(', ')} | ${experiments} |`;
  });
  return [`## ${heading}`, '', '| what | found | promised | of |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

const rates = [
  ...intervalRates(SIZES.intervals),
  ...gateRates(SIZES.gates),
  ...steadinessRates(SIZES.steadiness),
  ...persistentRates(SIZES.persistent),
  ...planRates(SIZES.plans),
  ...tailRates(SIZES.tails),
  ...trendRates(SIZES.trends),
  ...checkRates(SIZES.campaigns),
  ...confirmedRates(SIZES.campaigns),
];
const headings = [...new Set(rates.map(({ heading }) => heading))];
const tables = headings.map((heading) =>
  table(
    heading,
    rates.filter((rate) => rate.heading === heading),
  ),
);
writeFileSync(PAGE, [INTRODUCTION, ...tables, ''].join('\n'));
const broken = rates.filter((rate) => !keepsItsPromise(rate));
for (const { heading, what, percent } of broken) console.error(`${heading}: ${what}: ${percent.toFixed(1)}%`);
process.exitCode = broken.length === 0 ? 0 : 1;
