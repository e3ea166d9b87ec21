import { EXPERIMENT, experimentText } from '../support/experiment-text.ts';
import { describeRefused, mode } from './refused.ts';

describeRefused('what is not YAML as it should be', [
  [
    'a key twice',
    `${EXPERIMENT}name: again\n`,
    ['12:1 DUPLICATE the same key twice in one map | each key once | name | '],
  ],
  [
    'a bracket left open',
    experimentText('on: bare }', 'on: bare'),
    [
      '8:3 SYNTAX not well-formed YAML | YAML 1.2 | Flow map in block collection must be sufficiently indented and end with a } | ',
    ],
  ],
  [
    'a tab as indentation',
    `${EXPERIMENT}\tdesign: 1\n`,
    ['12:1 SYNTAX not well-formed YAML | YAML 1.2 | Tabs are not allowed as indentation | '],
  ],
  [
    'an alias without an anchor',
    experimentText('baseline: native', 'baseline: *gone'),
    [
      '2:11 SYNTAX not well-formed YAML | each alias (*name) after its anchor (&name), and few of them | Unresolved alias (the anchor must be set before the alias): gone | ',
    ],
  ],
  [
    'aliases that multiply',
    `${EXPERIMENT}a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`,
    [
      '1:1 SYNTAX not well-formed YAML | each alias (*name) after its anchor (&name), and few of them | aliases of aliases, too many times over | ',
    ],
  ],
  [
    'a value that holds itself',
    experimentText('name: demo', 'name: &a [*a]'),
    ['1:10 VALUE name is invalid | a text | a value that holds itself | '],
  ],
  [
    'nothing',
    '',
    ['name', 'targets', 'modes', 'workloads'].map(
      (key) =>
        `1:1 MISSING ${key} is missing | ${{ name: 'a text', workloads: 'a list' }[key] ?? 'a map of keys and values'} | nothing | `,
    ),
  ],
]);

describeRefused('the one name that an object has for itself', [
  [
    'as a target',
    experimentText('  bare: { ssh: gpu-host }', '  bare: { ssh: gpu-host }\n  __proto__: { ssh: other }'),
    ['5:3 KEY a reserved key | any other name, because JavaScript reserves this one | __proto__ | '],
  ],
  [
    'as a mode, between quotes',
    experimentText('  slow: {', '  "__proto__": { use: native, on: bare }\n  slow: {'),
    ['8:3 KEY a reserved key | any other name, because JavaScript reserves this one | __proto__ | '],
  ],
  [
    'as an environment variable and as a limit, each',
    mode('environment: { A: b, __proto__: c }').replace('clpeak }', 'clpeak, limits: { __proto__: 3 } }'),
    [
      '8:56 KEY a reserved key | any other name, because JavaScript reserves this one | __proto__ | ',
      '10:30 KEY a reserved key | any other name, because JavaScript reserves this one | __proto__ | ',
    ],
  ],
  [
    'as a workload',
    experimentText('name: mmul', 'name: __proto__'),
    [
      '11:27 VALUE workloads.2.name is invalid | a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit | "__proto__" | ',
    ],
  ],
]);
