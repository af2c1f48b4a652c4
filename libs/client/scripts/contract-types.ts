import ts from 'typescript';

/** Literal unions with fewer members say more by themselves than by the name of one of their uses. */
const NAMED_FROM = 8;
const PRELUDE = `// Types of Parley's contracts, made by \`npm run build:client\`.
export {};
declare const brand: unique symbol;
/** A string that came from where such ids come from. */
type Brand<Name extends string> = { readonly [brand]: Name };
`;

const hasFlag = (type: ts.Type, flag: ts.TypeFlags): boolean => (type.flags & flag) !== 0;
const { Any, Unknown, StringLike, NumberLike, BooleanLike, Void, Undefined, Null, Never } = ts.TypeFlags;
const PLAIN = Any | Unknown | StringLike | NumberLike | BooleanLike | Void | Undefined | Null | Never;
const isPlain = (type: ts.Type): boolean => !type.isUnion() && hasFlag(type, PLAIN);

/** The key of zod's brands is a symbol, which only the compiler's own name for it tells. */
const isBrand = ({ name }: ts.Symbol): boolean => /^__@\$brand@/.test(name);

const deservesName = (type: ts.Type): boolean => {
  if (type.isUnion()) return !type.types.every(isPlain) || type.types.length >= NAMED_FROM;
  return !isPlain(type);
};

/**
 * Writes types as the compiler understands them. Contracts are zod schemas: their types are told by
 * `z.infer`, which whoever installs the client would need zod for, and which editors can't show.
 */
class TypeWriter {
  private readonly names = new Map<ts.Type, string>();

  private readonly checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.checker = checker;
  }

  declarations(symbols: readonly ts.Symbol[]): string {
    const types = symbols.map((symbol) => [symbol, this.checker.getDeclaredTypeOfSymbol(symbol)] as const);
    for (const [{ name }, type] of types)
      if (!this.names.has(type) && deservesName(type)) this.names.set(type, name);
    return [PRELUDE, ...types.map(([symbol, type]) => this.declaration(symbol, type))].join('\n');
  }

  private declaration(symbol: ts.Symbol, type: ts.Type): string {
    const written = symbol.declarations?.find(ts.isTypeAliasDeclaration);
    if (!written) throw new Error(`${symbol.name} is not a type alias`);
    // Said in terms of other types: that stays true as it is.
    if (written.typeParameters) return `${this.doc(symbol)}${written.getText()}\n`;
    const isFirst = this.names.get(type) === symbol.name;
    const text = isFirst ? this.expanded(type) : this.text(type);
    return `${this.doc(symbol)}export type ${symbol.name} = ${text};\n`;
  }

  private text(type: ts.Type): string {
    return this.names.get(type) ?? this.expanded(type);
  }

  private expanded(type: ts.Type): string {
    if (type.isUnion()) return this.union(type);
    if (type.isIntersection()) return type.types.map((part) => this.text(part)).join(' & ');
    if (isPlain(type)) return this.checker.typeToString(type);
    const reference = type as ts.TypeReference;
    if (this.checker.isTupleType(type)) return `[${this.arguments(reference).join(', ')}]`;
    if (this.checker.isArrayType(type)) return `${type.symbol.name}<${this.arguments(reference).join(', ')}>`;
    if (hasFlag(type, ts.TypeFlags.Object)) return this.object(type);
    throw new Error(`don't know how to write ${this.checker.typeToString(type)}`);
  }

  private arguments(type: ts.TypeReference): string[] {
    return this.checker.getTypeArguments(type).map((argument) => this.text(argument));
  }

  private union({ types }: ts.UnionType): string {
    const texts = types.map((member) => this.text(member));
    const isBoolean = texts.includes('true') && texts.includes('false');
    const members = isBoolean
      ? [...texts.filter((text) => text !== 'true' && text !== 'false'), 'boolean']
      : texts;
    // `undefined` and `null` come first in the compiler's own order.
    const last = ['undefined', 'null'].filter((text) => members.includes(text));
    return [...members.filter((text) => !last.includes(text)), ...last.reverse()].join(' | ');
  }

  private object(type: ts.Type): string {
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0)
      throw new Error(`${this.checker.typeToString(type)} is a function, not data`);
    const all = this.checker.getPropertiesOfType(type);
    const [first] = all;
    if (first && isBrand(first)) return this.brand(first);
    const properties = all.map((property) => {
      const isReadonly =
        property.valueDeclaration &&
        ts.getCombinedModifierFlags(property.valueDeclaration) & ts.ModifierFlags.Readonly;
      const optional = property.flags & ts.SymbolFlags.Optional ? '?' : '';
      const name = /^[A-Za-z_$][\w$]*$/.test(property.name) ? property.name : JSON.stringify(property.name);
      const value = this.text(this.checker.getTypeOfSymbol(property));
      return `${this.doc(property)}${isReadonly ? 'readonly ' : ''}${name}${optional}: ${value};\n`;
    });
    const indexes = this.checker
      .getIndexInfosOfType(type)
      .map((info) => `[key: ${this.text(info.keyType)}]: ${this.text(info.type)};\n`);
    return `{\n${[...properties, ...indexes].join('')}}`;
  }

  private brand(property: ts.Symbol): string {
    const names = this.checker.getPropertiesOfType(this.checker.getTypeOfSymbol(property));
    return names.map(({ name }) => `Brand<'${name}'>`).join(' & ');
  }

  private doc(symbol: ts.Symbol): string {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).trim();
    return text ? `/** ${text.replaceAll('\n', '\n * ')} */\n` : '';
  }
}

/** What only servers need to know. */
const INTERNAL = /\/contracts\/src\/(rpc|subjects|tags|routes\/.*)\.ts$/;
const isPublic = (symbol: ts.Symbol): boolean => {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? '';
  // A route is made of schemas; only what it is called is for everyone.
  return file.endsWith('/contracts/src/routes.ts') ? symbol.name === 'OperationId' : !INTERNAL.test(file);
};

/** The types that `entry` exports, as declarations that need nothing else. */
export const contractTypes = (program: ts.Program, entry: ts.SourceFile): string => {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(entry);
  if (!module) throw new Error(`${entry.fileName} exports nothing`);
  const symbols = checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .filter((symbol) => symbol.flags & ts.SymbolFlags.TypeAlias && isPublic(symbol));
  return new TypeWriter(checker).declarations(symbols);
};
