import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { coverage } from './coverage.ts';
import { type Verdict, mutate } from './mutate.ts';
import { type Mutant, mutantsOf, mutated } from './mutations.ts';
import { runTest } from './test-run.ts';
import { makeTrees } from './tree.ts';
import { typechecker } from './typecheck.ts';

/** A program of one function, whose test forgot 0. */
const PROGRAM: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json':
    '{ "compilerOptions": { "strict": true, "module": "NodeNext", "target": "ES2023", "types": [] } }',
  'src/sign.ts': 'export function sign(x: number): string {\n  return x < 0 ? "-" : "+";\n}\n',
  'src/name.ts': "import { sign } from './sign.ts';\nexport const NAME = sign(-1);\n",
  'test/sign.test.ts': `import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sign } from '../src/sign.ts';
it('is told of numbers to both sides', () => {
  assert.equal(sign(-5) + sign(5), '-+');
});
`,
  'test/name.test.ts': "import '../src/name.ts';\n",
  'src/whole.ts': 'export const WHOLE = 7;\n',
  'src/part.ts': "export { WHOLE } from './whole.ts';\n",
  'test/whole.test.ts': "import '../src/part.ts';\n",
  'test/loop.test.ts': 'for (;;);\n',
};
const root = mkdtempSync(join(tmpdir(), 'vgpubench-test-'));
for (const [path, text] of Object.entries(PROGRAM)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
symlinkSync(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'));
const { trees, remove } = makeTrees(root, 2);
after(() => {
  remove();
  rmSync(root, { recursive: true });
});

const signs = mutantsOf('src/sign.ts', PROGRAM['src/sign.ts']!);
const changeOf = ({ from, to }: Mutant) => `${from} -> ${to}`;

async function verdictsOn(count: number, argued: Parameters<typeof mutate>[1]['argued'] = []) {
  const verdicts: Verdict[] = [];
  const onVerdict = (verdict: Verdict) => verdicts.push(verdict);
  await mutate(root, { mutants: signs, seed: 1, count, argued, trees, onVerdict });
  return verdicts;
}

describe('a run of mutants', () => {
  it('tells those that a test finds from those that none does, and changes nothing but its copies', async () => {
    const [was, becomes] = ['return x < 0 ? "-" : "+";', 'return x <= 0 ? "-" : "+";'];
    const verdicts = await verdictsOn(10, [{ file: 'src/sign.ts', was, becomes, why: 'as is' }]);
    const found = verdicts.map(({ mutant, outcome, by }) => [changeOf(mutant), `${outcome}: ${by}`]);
    const killed = 'killed: test/sign.test.ts: is told of numbers to both sides';
    assert.deepEqual(Object.fromEntries(found), {
      'x < 0 -> !(x < 0)': killed,
      '< -> <=': 'argued away: as is',
      '0 -> (0 + 1)': 'survived: test/sign.test.ts test/name.test.ts',
      '"-" -> \'\'': killed,
      '"+" -> \'\'': killed,
    });
    for (const [path, text] of Object.entries(PROGRAM))
      for (const place of [root, ...trees.map((tree) => tree.path)])
        assert.equal(readFileSync(join(place, path), 'utf8'), text);
  });

  it('takes as many as it is told, the same for the same seed', async () => {
    const taken = async () => (await verdictsOn(2)).map(({ mutant }) => changeOf(mutant)).sort();
    const first = await taken();
    assert.equal(first.length, 2);
    assert.deepEqual(await taken(), first);
  });

  it('ends a test that does not end', async () => {
    assert.equal((await runTest(trees[0]!, 'test/loop.test.ts', 1000)).outcome, 'timed out');
  });

  it('leaves nothing behind', () => {
    const copies = makeTrees(root, 1);
    copies.remove();
    assert.ok(!existsSync(dirname(copies.trees[0]!.path)));
  });
});

describe('the tests of a source', () => {
  it('are those that import it, and first of all the one of its name', () => {
    assert.deepEqual(coverage(root).get('src/whole.ts'), [{ test: 'test/whole.test.ts', distance: 1 }]);
  });

  it('are those that import it, nearest as it is', () => {
    assert.deepEqual(coverage(root).get('src/sign.ts'), [
      { test: 'test/name.test.ts', distance: 2 },
      { test: 'test/sign.test.ts', distance: 1 },
    ]);
  });
});

describe('the mutants of a source', () => {
  const changes = (text: string) => mutantsOf('a.ts', text).map(changeOf);

  it('are of every kind', () => {
    for (const [text, ...expected] of [
      ['if (a) b(); else c();', 'a -> !(a)', 'c(); -> {}', 'b(); -> ;', 'c(); -> ;'],
      ['while (a);', 'a -> !(a)'],
      ['const a = b >= c && d === e;', '&& -> ||', '>= -> >', '=== -> !=='],
      ['const a = (b + c) * d;', '* -> /', '+ -> -'],
      ['const a = b ?? !c;', '?? -> &&', '!c -> c'],
      ['const a = [true, 7, ...b];', 'true -> false', '7 -> (7 + 1)', '...b -> ...[]'],
      ['const a = Math.min(b.some(c), d.filter(e));', 'min -> max', 'some -> every', 'd.filter(e) -> d'],
      ['function a() { if (b) return; }', 'b -> !(b)', 'return; -> ;'],
      ["throw new Error('bad');", "throw new Error('bad'); -> ;"],
    ] as const)
      assert.deepEqual(changes(text), expected, text);
  });

  it('leave types, imports, names and what people are told alone', () => {
    for (const text of [
      "import { a } from './a.ts';",
      "type A = 'a' | 1;",
      "let a: 'a' | true;",
      "const a = { 'b-c': d };",
      "const a = 'two words';",
      'const a = `one`;',
      "const a = new Problem({ code: 'A', exitCode: 2 });",
    ])
      assert.deepEqual(changes(text), [], text);
  });

  it('change one place', () => {
    const text = 'const a = 1 + 1;\n';
    assert.deepEqual(
      mutantsOf('a.ts', text).map((mutant) => mutated(text, mutant)),
      ['const a = 1 - 1;\n', 'const a = (1 + 1) + 1;\n', 'const a = 1 + (1 + 1);\n'],
    );
  });

  it('are for the compiler to find where it can', () => {
    const compiles = typechecker(root);
    const text = PROGRAM['src/sign.ts']!;
    assert.ok(compiles('src/sign.ts', text));
    assert.ok(compiles('src/sign.ts', text.replace('<', '>')));
    assert.ok(!compiles('src/sign.ts', text.replace('"-"', '1')));
    assert.ok(!compiles('src/sign.ts', text.replace('return', '')));
  });
});
