import {
  context,
  propagation,
  trace,
  SpanKind,
  SpanStatusCode,
  type Context,
  type Span,
} from '@opentelemetry/api';
import type { NodeTracerProvider, SpanExporter } from '@opentelemetry/sdk-trace-node';

export { SpanKind };

/**
 * Traces run HTTP → SQL → NATS headers → consumer. Without an endpoint nothing is installed and every
 * function here is a branch: tracing costs the hot path nothing when it is off.
 */
export type TelemetryOptions = {
  service: string;
  endpoint?: string | undefined;
  sampleRatio: number;
  exporter?: SpanExporter;
};

let provider: NodeTracerProvider | undefined;
const tracer = () => trace.getTracer('parley');

export const tracingEnabled = (): boolean => provider !== undefined;

/** Loads the SDK only when traces have somewhere to go: it is 10 MB of every process. */
export const startTelemetry = async (options: TelemetryOptions): Promise<void> => {
  if (provider || (!options.endpoint && !options.exporter)) return;
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = options.exporter ?? new OTLPTraceExporter({ url: `${options.endpoint}/v1/traces` });
  provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `parley-${options.service}` }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(options.sampleRatio) }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
  provider.register();
};

export const stopTelemetry = async (): Promise<void> => {
  const stopping = provider;
  provider = undefined;
  await stopping?.shutdown();
};

/** The W3C `traceparent` of the active span, null when not traced. */
export const currentTraceparent = (): string | null => {
  if (!provider) return null;
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'] ?? null;
};

export const contextFrom = (traceparent: string | null | undefined): Context =>
  traceparent ? propagation.extract(context.active(), { traceparent }) : context.active();

/** Starts a span whose end the caller decides, for callback-shaped code. Undefined while tracing is off. */
export const startSpan = (name: string, kind: SpanKind, parent?: string | null): Span | undefined =>
  provider ? tracer().startSpan(name, { kind }, contextFrom(parent)) : undefined;

export const runInSpan = <T>(span: Span | undefined, fn: () => T): T =>
  span ? context.with(trace.setSpan(context.active(), span), fn) : fn();

/** Runs `fn` inside a span that ends, with its error, when `fn` settles. */
export const withSpan = async <T>(
  name: string,
  kind: SpanKind,
  parent: string | null | undefined,
  fn: () => Promise<T>,
): Promise<T> => {
  const span = startSpan(name, kind, parent);
  if (!span) return fn();
  try {
    return await runInSpan(span, fn);
  } catch (error) {
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
};

export const activeTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId;
