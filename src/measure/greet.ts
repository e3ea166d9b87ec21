import { BOOT_SCRIPT, FINGERPRINT_SCRIPT, parseFingerprint } from '../environment/fingerprint.ts';
import type { Emit } from '../record/event.ts';
import type { Target } from '../target/target.ts';

/** Connects to a target. @throws LinkLost */
export type Greet = (target: Pick<Target, 'name' | 'shell' | 'run'>) => Promise<void>;

/** Greets targets, and writes down what each is: the first time, and again after each boot. */
export function greeter(emit: Emit): Greet {
  const boots = new Map<string, string>();
  return async (target) => {
    const { shell, clock, scratch } = await target.shell();
    const { stdout: boot } = await target.run(BOOT_SCRIPT);
    if (boots.get(target.name) === boot) return;
    const { stdout } = await target.run(FINGERPRINT_SCRIPT);
    boots.set(target.name, boot);
    const fingerprint = parseFingerprint(stdout);
    emit({ type: 'target-ready', target: target.name, shell, clock, scratch, fingerprint });
  };
}
