/** `SSH_CONFIG ALIAS FOLDER`: connects to a target, suspends its connection, says so, and stays. */
import { Target } from '../../src/target/target.ts';

const [, , config = '', ssh = '', folder = ''] = process.argv;
const target = new Target('sleeper', { ssh, config }, folder);
await target.run(':');
await target.sleep();
console.log('asleep');
setInterval(() => undefined, 1000);
