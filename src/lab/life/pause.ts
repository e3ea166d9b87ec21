/** Guests are paused until they are needed, for instance for a login or a check. */
import { execa } from 'execa';

/** Lets a paused guest run. @returns whether it was paused. */
export async function wake(sshConfig: string, domain: string): Promise<boolean> {
  return (await onDom0(sshConfig, `vgpu-domain unpause ${domain}`)) === 'paused';
}

export async function pause(sshConfig: string, domain: string): Promise<void> {
  await onDom0(sshConfig, `vgpu-domain pause ${domain}`);
}

async function onDom0(sshConfig: string, script: string): Promise<string> {
  const { stdout } = await execa('ssh', ['-F', sshConfig, 'lab-dom0', script], {
    reject: false,
    stdin: 'ignore',
    timeout: 30_000,
  });
  return stdout;
}
