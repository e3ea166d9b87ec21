/** Files over plain HTTP, through a proxy if the environment names one; the caller checks their content. */
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { messageOf } from '../../problem.ts';
import { labProblem } from '../lab-problem.ts';

export interface GetOptions {
  /** The maximum size of the answer. */
  most: number;
  signal: AbortSignal | undefined;
  /** Called as bytes arrive. */
  heard?: (bytes: number) => void;
}

const TRIES = 3;
const MOST_REDIRECTS = 5;
/** After this long without a byte, the server is assumed to be gone. */
const SILENCE_MS = 30_000;

/**
 * Returns undefined if the server has no such file.
 * @throws Problem if it can't be fetched; the signal's reason if that aborts.
 */
export async function get(url: string, options: GetOptions): Promise<Buffer | undefined> {
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    try {
      return await follow(url, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (attempt === TRIES || error instanceof Refusal)
        throw labProblem('VGB-LAB-PACKAGES', { message: `${url} can't be fetched`, found: messageOf(error) });
    }
  }
}

/** An error that a retry would not change. */
class Refusal extends Error {}

async function follow(url: string, options: GetOptions): Promise<Buffer | undefined> {
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const answer = await ask(at, options.signal);
    const { statusCode = 0, headers } = answer;
    if (statusCode === 200) return read(answer, options);
    answer.resume();
    if (statusCode === 404) return undefined;
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined)
      throw new Refusal(`HTTP status ${statusCode}`);
    at = new URL(headers.location, at).href;
  }
  throw new Refusal(`more than ${MOST_REDIRECTS} redirections`);
}

async function ask(url: string, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const proxy = proxyFor(url);
  const options = { timeout: SILENCE_MS, ...(signal && { signal }) };
  const request: ClientRequest =
    proxy === undefined
      ? (url.startsWith('https:') ? httpsGet : httpGet)(url, options)
      : // A proxy is asked for the whole URL.
        httpGet({ ...options, ...proxy, path: url });
  request.on('timeout', () => request.destroy(new Error(`no answer for ${SILENCE_MS / 1000} s`)));
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
}

/** `http_proxy` and `no_proxy`, as in curl and apt; HTTPS goes through no proxy. */
function proxyFor(url: string): { host: string; port: string; headers: Record<string, string> } | undefined {
  const { http_proxy: proxy = '', no_proxy: spared = '' } = process.env;
  const { protocol, hostname, host } = new URL(url);
  if (proxy === '' || protocol !== 'http:') return undefined;
  const isSpared = spared.split(',').some((one) => {
    const name = one.trim().replace(/^\./, '');
    return name === '*' || (name !== '' && (hostname === name || hostname.endsWith(`.${name}`)));
  });
  if (isSpared) return undefined;
  const at = new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
  const user = decodeURIComponent(`${at.username}:${at.password}`);
  return {
    host: at.hostname,
    port: at.port === '' ? '80' : at.port,
    headers: {
      host,
      ...(user === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }),
    },
  };
}

async function read(answer: IncomingMessage, { most, heard }: GetOptions): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most) throw new Refusal(`more than the expected ${most} bytes`);
    parts.push(part);
    heard?.(part.length);
  }
  return Buffer.concat(parts);
}
