import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Accelerator, bootUnder } from '../../../src/lab/boot/accelerator.ts';
import { labProblem } from '../../../src/lab/lab-problem.ts';

/** Boots on a machine where what `fails` names fails under KVM, under TCG, or both; tells what was done. */
function boots(found: Accelerator, fails: Partial<Record<Accelerator, Error>>) {
  const done: string[] = [];
  const boot = (accelerator: Accelerator): Promise<string> => {
    done.push(accelerator);
    const error = fails[accelerator];
    return error === undefined ? Promise.resolve(accelerator) : Promise.reject(error);
  };
  const clear = (): Promise<void> => {
    done.push('clear');
    return Promise.resolve();
  };
  const end = bootUnder(found, boot, clear, (step) => done.push(step));
  return { done, end };
}

describe('the boxes', () => {
  const stuck = labProblem('VGB-LAB-BOOT', { message: 'lab-dom0 did not answer', details: ['Xen panics'] });

  it('are booted once where that goes well', async () => {
    for (const found of ['kvm', 'tcg'] as const) {
      const { done, end } = boots(found, {});
      assert.equal(await end, found);
      assert.deepEqual(done, [found]);
    }
  });

  it('that do not boot under KVM are cleared away and booted under TCG, which is said', async () => {
    const { done, end } = boots('kvm', { kvm: stuck });
    assert.equal(await end, 'tcg');
    assert.deepEqual(done, [
      'kvm',
      'booting under KVM failed, so booting again under TCG: lab-dom0 did not answer',
      'clear',
      'tcg',
    ]);
  });

  it('that do not boot under TCG either are told of, and not tried a third time', async () => {
    const other = labProblem('VGB-LAB-BOOT', { message: 'nor so' });
    const { done, end } = boots('kvm', { kvm: stuck, tcg: other });
    await assert.rejects(end, other);
    assert.deepEqual(done.filter((step) => step === 'tcg').length, 1);
    await assert.rejects(boots('tcg', { tcg: stuck }).end, stuck);
  });

  it('are not booted again after an interrupt, or an error that is not of the boot', async () => {
    for (const error of [
      new DOMException('aborted', 'AbortError'),
      labProblem('VGB-LAB-BUILD', { message: 'no' }),
    ]) {
      const { done, end } = boots('kvm', { kvm: error });
      await assert.rejects(end, error);
      assert.deepEqual(done, ['kvm']);
    }
  });
});
