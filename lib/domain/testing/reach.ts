import { join } from 'node:path';
import ts from 'typescript';
import { controlEffects, type Effects, sellerEffects, tenantEffects } from './port-effects';

const root = join(import.meta.dirname, '../../..');

/** What code can come to, whatever it is called with. */
export interface Reach {
  /** Methods of ports that change something, as `models.activate`. */
  readonly changes: readonly string[];
  /** Actions that it records in the audit. */
  readonly audited: readonly string[];
}

/** A verb, found by its `tenantVerb(…)`, `controlVerb(…)` or `sellerVerb(…)`. */
export interface FoundVerb extends Reach {
  readonly name: string;
  readonly file: string;
  readonly action: string;
}

/**
 * Follows every call from the verbs in `files` to the methods of ports. Calls of a method are found by its declaration, so neither another
 * name, nor a helper in another file, nor taking it out of its port hides one.
 */
export function walkVerbs(files: readonly string[]): readonly FoundVerb[] {
  const program = ts.createProgram([...files], optionsOf());
  const checker = program.getTypeChecker();
  const effects = effectsOf(program, checker);
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`${file} is not there`);
    return verbsIn(source, checker).map(({ declaration, ...verb }) => ({
      ...verb,
      file: file.slice(root.length + 1),
      ...reachOf(declaration, checker, effects),
    }));
  });
}

function optionsOf(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  return { ...options, noEmit: true, incremental: false, skipLibCheck: true };
}

/** The methods of all ports by their declarations. Throws for one that the tables have and the ports have not. */
function effectsOf(
  program: ts.Program,
  checker: ts.TypeChecker,
): ReadonlyMap<ts.Node, { path: string; effect: string }> {
  const found = new Map<ts.Node, { path: string; effect: string }>();
  const source = program.getSourceFile(join(root, 'lib/domain/ports.ts'));
  if (!source) throw new Error('the ports are not part of the program');
  const collect = (type: ts.Type, table: Effects<object>, path: string) => {
    for (const [name, effect] of Object.entries(table)) {
      const property = type.getProperty(name);
      const declaration = property?.declarations?.[0];
      if (!property || !declaration) throw new Error(`${path}${name} is no port`);
      if (typeof effect === 'string') found.set(declaration, { path: `${path}${name}`, effect });
      else collect(checker.getTypeOfSymbolAtLocation(property, source), effect, `${path}${name}.`);
    }
  };
  for (const node of source.statements) {
    if (!ts.isInterfaceDeclaration(node)) continue;
    const type = checker.getTypeAtLocation(node);
    if (node.name.text === 'TenantPorts') collect(type, tenantEffects, '');
    if (node.name.text === 'ControlPorts') collect(type, controlEffects, '');
    if (node.name.text === 'SellerPorts') collect(type, sellerEffects, '');
  }
  return found;
}

const verbMakers = new Set(['tenantVerb', 'controlVerb', 'sellerVerb']);

function verbsIn(source: ts.SourceFile, checker: ts.TypeChecker) {
  return source.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) =>
    declarationList.declarations.flatMap((declaration) => {
      const { name, initializer } = declaration;
      if (!initializer || !ts.isCallExpression(initializer) || !isVerbCall(initializer)) return [];
      const [action] = initializer.arguments;
      if (!action || !ts.isIdentifier(name)) return [];
      const type = checker.getTypeAtLocation(action);
      if (!type.isStringLiteral()) throw new Error(`${name.text} has no literal action`);
      return [{ name: name.text, declaration, action: type.value }];
    }),
  );
}

const isVerbCall = ({ expression }: ts.CallExpression): boolean =>
  ts.isIdentifier(expression) && verbMakers.has(expression.text);

/** What is reached from the verb at `start`, other verbs included that it calls. */
function reachOf(
  start: ts.Node,
  checker: ts.TypeChecker,
  effects: ReadonlyMap<ts.Node, { path: string; effect: string }>,
): Reach {
  const changes = new Set<string>();
  const audited = new Set<string>();
  const visited = new Set<ts.Node>([start]);
  const pending = [start];
  const follow = (declaration: ts.Node) => {
    const known = effects.get(declaration);
    if (known?.effect === 'changes') changes.add(known.path);
    if (known || visited.has(declaration) || !isOwnCode(declaration)) return;
    visited.add(declaration);
    pending.push(declaration);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isCallExpression(node)) for (const action of actionsOf(node, checker)) audited.add(action);
    if (ts.isIdentifier(node)) for (const declaration of declarationsOf(node, checker)) follow(declaration);
    if (ts.isElementAccessExpression(node)) elementsOf(node, checker).forEach(follow);
    ts.forEachChild(node, visit);
  };
  for (let node = pending.pop(); node; node = pending.pop()) visit(node);
  return { changes: [...changes].sort(), audited: [...audited].sort() };
}

function declarationsOf(node: ts.Identifier, checker: ts.TypeChecker): readonly ts.Node[] {
  const { parent } = node;
  const symbol = ts.isShorthandPropertyAssignment(parent)
    ? checker.getShorthandAssignmentValueSymbol(parent)
    : checker.getSymbolAtLocation(node);
  // `const { update } = store` names a variable; the method is a property of what is taken apart.
  const taken =
    ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)
      ? checker.getTypeAtLocation(parent.parent).getProperty((parent.propertyName ?? node).getText())
      : undefined;
  return [symbol, taken].flatMap((each) => {
    if (!each) return [];
    const real = each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each;
    return real.declarations ?? [];
  });
}

/** The declarations of `object['name']`. */
function elementsOf(
  { expression, argumentExpression }: ts.ElementAccessExpression,
  checker: ts.TypeChecker,
): readonly ts.Node[] {
  const name = checker.getTypeAtLocation(argumentExpression);
  if (!name.isStringLiteral()) return [];
  return checker.getTypeAtLocation(expression).getProperty(name.value)?.declarations ?? [];
}

/** Code of ours that runs when it is named: functions and variables, of whatever file. */
const isOwnCode = (node: ts.Node): boolean =>
  !node.getSourceFile().isDeclarationFile &&
  (ts.isFunctionDeclaration(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isClassDeclaration(node));

/** The actions that a call of `record` or `auditEvent` records. */
function actionsOf(node: ts.CallExpression, checker: ts.TypeChecker): readonly string[] {
  const { expression, arguments: given } = node;
  // `record` itself hands on what it is given.
  if (!ts.isIdentifier(expression) || isRecorder(node)) return [];
  const [of] = declarationsOf(expression, checker);
  if (!of || !isRecorder(of)) return [];
  const occurrence = given[1];
  const action = occurrence && checker.getTypeAtLocation(occurrence).getProperty('action');
  if (!action) return [];
  const type = checker.getTypeOfSymbolAtLocation(action, node);
  const types = type.isUnion() ? type.types : [type];
  return types.flatMap((each) => (each.isStringLiteral() ? [each.value] : []));
}

const isRecorder = (node: ts.Node): boolean =>
  node.getSourceFile().fileName.endsWith('/lib/domain/audit/record.ts');
