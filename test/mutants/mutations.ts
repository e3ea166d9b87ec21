/**
 * What may be changed in a source, found in its syntax. Left alone are types, imports, and what people are told: a
 * text with a space in it, a template's words, and all that is thrown, or given to a Problem.
 */
import ts from 'typescript';

export interface Mutant {
  /** From the root of the tree. */
  readonly file: string;
  readonly line: number;
  /** The line as it stands and as it becomes, trimmed: they find the place again when lines above it have moved. */
  readonly was: string;
  readonly becomes: string;
  readonly start: number;
  readonly end: number;
  readonly from: string;
  readonly to: string;
}

export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const found: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    if (isLeftAlone(node)) return;
    for (const [at, to] of changesOf(node)) {
      const [start, end] = [at.getStart(source), at.getEnd()];
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      const before = text.slice(text.lastIndexOf('\n', start) + 1, start);
      const after = (from: number) => /.*/.exec(text.slice(from))?.[0] ?? '';
      const [was, becomes] = [(before + after(start)).trim(), (before + to + after(end)).trim()];
      found.push({ file, line, was, becomes, start, end, from: text.slice(start, end), to });
    }
    if (!ts.isThrowStatement(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The source with the mutant in it. */
export function mutated(text: string, { start, end, to }: Mutant): string {
  return text.slice(0, start) + to + text.slice(end);
}

function isLeftAlone(node: ts.Node): boolean {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Problem') return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

/** A node, and the text to put in its place. */
type Change = readonly [at: ts.Node, to: string];

function changesOf(node: ts.Node): Change[] {
  if (ts.isIfStatement(node)) return [...negated(node.expression), ...withoutElse(node)];
  if (ts.isConditionalExpression(node)) return negated(node.condition);
  if (ts.isWhileStatement(node)) return negated(node.expression);
  if (ts.isBinaryExpression(node)) return operatorOf(node);
  if (ts.isPrefixUnaryExpression(node)) return signOf(node);
  if (ts.isCallExpression(node)) return callOf(node);
  if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) return [[node, ';']];
  if (ts.isReturnStatement(node) && node.expression === undefined) return [[node, ';']];
  if (ts.isSpreadElement(node) && ts.isArrayLiteralExpression(node.parent)) return [[node, '...[]']];
  return literalOf(node);
}

function negated(condition: ts.Expression): Change[] {
  return [[condition, `!(${condition.getText()})`]];
}

function withoutElse({ elseStatement }: ts.IfStatement): Change[] {
  return elseStatement === undefined ? [] : [[elseStatement, '{}']];
}

const OPERATORS: Readonly<Record<string, string>> = {
  ...{ '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===' },
  ...{ '+': '-', '-': '+', '*': '/', '/': '*', '%': '*', '**': '*', '+=': '-=', '-=': '+=', '*=': '/=' },
  ...{ '&&': '||', '||': '&&', '??': '&&', '|': '&', '&': '|', '<<': '>>>', '>>>': '<<' },
};

function operatorOf({ operatorToken }: ts.BinaryExpression): Change[] {
  const other = OPERATORS[operatorToken.getText()];
  return other === undefined ? [] : [[operatorToken, other]];
}

/** `-x` and `!x` without their sign; a negative number is changed as a number. */
function signOf(node: ts.PrefixUnaryExpression): Change[] {
  const sign = node.operator === ts.SyntaxKind.MinusToken || node.operator === ts.SyntaxKind.ExclamationToken;
  return sign && !ts.isNumericLiteral(node.operand) ? [[node, node.operand.getText()]] : [];
}

const METHODS: Readonly<Record<string, string>> = {
  ...{ some: 'every', every: 'some', min: 'max', max: 'min', floor: 'ceil', ceil: 'floor', round: 'floor' },
  ...{ find: 'findLast', findIndex: 'findLastIndex', startsWith: 'endsWith', endsWith: 'startsWith' },
  ...{ push: 'unshift', shift: 'pop', trimStart: 'trimEnd', trimEnd: 'trimStart', replaceAll: 'replace' },
};
/** Methods whose result can stand for what they were called on. */
const DROPPED = new Set([
  'filter',
  'sort',
  'toSorted',
  'reverse',
  'toReversed',
  'slice',
  'trim',
  'toLowerCase',
]);

function callOf({ expression }: ts.CallExpression): Change[] {
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const { name, expression: of } = expression;
  const other = METHODS[name.text];
  if (other !== undefined) return [[name, other]];
  return DROPPED.has(name.text) ? [[expression.parent, of.getText()]] : [];
}

function literalOf(node: ts.Node): Change[] {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, 'false']];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[node, 'true']];
  if (ts.isNumericLiteral(node)) return [[node, `(${node.text} + 1)`]];
  if (!ts.isStringLiteral(node) || /\s/.test(node.text) || isName(node)) return [];
  return [[node, node.text === '' ? "'~'" : "''"]];
}

function isName(node: ts.StringLiteral): boolean {
  return ts.isPropertyAssignment(node.parent) && node.parent.name === node;
}
