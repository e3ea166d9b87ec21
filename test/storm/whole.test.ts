/** That the storm sees what must not be. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseExperiment } from '../../src/experiment/load.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { FILES, planText } from '../../src/record/run-directory.ts';
import { testFolder } from '../support/directory.ts';
import { Story } from '../support/events.ts';
import { unreadable, violationsOf } from './whole.ts';
import { type Guest, SAMPLES, experimentText, newGuest } from './workload.ts';

describe('a run that came through a storm', () => {
  const folder = testFolder();
  let runs = 0;

  interface Parts {
    /** The samples of each trial, by its number, where they are not as planned. */
    numbers?: (numbers: number[], trial: number) => number[];
    /** What becomes of the journal or the guest besides. */
    damage?: (directory: string, guest: Guest) => void;
    forgotten?: number;
  }

  /** What is said of a run in which each execution has the next number. */
  function found({ numbers = (all) => all, damage = () => undefined, forgotten = 0 }: Parts = {}): string[] {
    const directory = join(folder, `${++runs}`);
    mkdirSync(directory);
    const guest = newGuest(directory, 'a', '/dev/null');
    const plan = makePlan(parseExperiment(experimentText(guest), 'storm.yaml'));
    const token = randomBytes(8).toString('hex');
    const story = new Story().add({ type: 'run-started', token, directory, versions: {}, pid: 1 });
    plan.trials.forEach(({ id }, trial) => {
      const executed = Array.from({ length: SAMPLES }, (_, index) => 1 + trial * SAMPLES + index);
      appendFileSync(guest.executions, executed.map((number) => `${number}\n`).join(''));
      story.trial(id, numbers(executed, trial));
    });
    writeFileSync(join(directory, FILES.plan), planText(plan));
    const lines = story.events.map((event) => `${JSON.stringify(event)}\n`);
    writeFileSync(join(directory, FILES.journal), lines.join(''));
    damage(directory, guest);
    return violationsOf(directory, guest, forgotten);
  }

  it('is whole where each execution is the sample that was planned', () => {
    assert.deepEqual(found(), []);
  });

  it('is not where a sample is missing, is there twice, or was never executed', () => {
    const inFirst = (change: (all: number[]) => number[]) =>
      found({ numbers: (all, trial) => (trial === 0 ? change(all) : all) }).join('; ');
    assert.match(
      inFirst((all) => all.slice(1)),
      /samples 0 1 2; 1 executions are no sample/,
    );
    assert.match(
      inFirst((all) => [...all, 999]),
      /samples 0 1 2 3 4; a sample was never executed/,
    );
    assert.match(
      inFirst(([one = 0, , ...more]) => [one, one, ...more]),
      /one execution is several samples/,
    );
  });

  it('is not where something was executed once more, unless it was forgotten', () => {
    const damage = (_: string, { executions }: Guest) => {
      appendFileSync(executions, '998\n');
    };
    assert.deepEqual(found({ damage }), ['1 executions are no sample; 0 were forgotten']);
    assert.deepEqual(found({ damage, forgotten: 1 }), []);
  });

  it('is not where a trial is missing, or ended otherwise', () => {
    const damage = (directory: string) => {
      const lost = new Story().end('b1.one.counted', { kind: 'failed', reason: 'lost', transport: true }, 2);
      appendFileSync(
        join(directory, FILES.journal),
        lost.events.map((event) => `${JSON.stringify(event)}\n`).join(''),
      );
    };
    assert.deepEqual(found({ damage }), ['b1.one.counted completed 1 times, and ended 2 times']);
  });

  it('is not where the target stays changed, or the run’s lock is left', () => {
    assert.deepEqual(
      found({
        damage: (directory, { state }) => {
          writeFileSync(`${state}.more`, '');
          mkdirSync(join(directory, 'run.lock'));
        },
      }).map((text) => text.replace(folder, '')),
      ['the target is not as it was', `left: /${runs}/run.lock`],
    );
  });

  it('is not where its journal is torn in the middle', () => {
    const [said = ''] = found({
      damage: (directory) => {
        appendFileSync(join(directory, FILES.journal), '{"v":2,\n{}\n');
        assert.equal(unreadable(directory).length, 1);
      },
    });
    assert.match(said, /^the journal can't be read: .*not an event/);
  });
});
