/** Guests are paused until someone needs them: for a login, or to be looked at. */
import { execa } from 'execa';

/** Has a paused guest run. @returns whether it was paused. */
export async function wake(sshConfig: string, domain: string): Promise<boolean> {
  const paused = `xl list ${domain} | awk 'NR == 2 && $5 ~ /p/ { exit 7 }'`;
  return (await onDom0(sshConfig, `${paused}; [ $? = 7 ] && xl unpause ${domain} && echo woken`)).includes(
    'woken',
  );
}

export async function pause(sshConfig: string, domain: string): Promise<void> {
  await onDom0(sshConfig, `xl pause ${domain}`);
}

async function onDom0(sshConfig: string, script: string): Promise<string> {
  const { stdout } = await execa('ssh', ['-F', sshConfig, 'lab-dom0', script], {
    reject: false,
    stdin: 'ignore',
    timeout: 30_000,
  });
  return stdout;
}
